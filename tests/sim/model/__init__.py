# SPDX-License-Identifier: ISC
"""The agreement a second time, in another language.

Written from the design's chapter "The agreement" alone, to be compared with the program letter by letter.  To be read in this order:

    hours       business time                                       S1
    agreement   the promises as a table, and who is who             S2 to S6, S11, S12
    ticket      what can happen to a ticket, and what it changes    S9, S10
    clocks      when each promise is due, and when somebody is warned
    ladder      who is called, when, and what stops it              S11
    updates     the letters before the day ends                     S6, S8
    closing     reminders, and how a ticket ends                    S10
    post        which letters leave when: combined acks, alarms of ten minutes
    desk        one instant after the other

Times are whole seconds since 1970 in UTC; spans are seconds.
"""
