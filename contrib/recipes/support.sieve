# Pigeonhole: any failure keeps the mail in INBOX, and :copy keeps one there in any case.
require ["vnd.dovecot.pipe", "copy"];
pipe :copy "slate-ingest";
