/* SPDX-License-Identifier: ISC */
#include "wire/imap-stream.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/wall.h"

#define CONNECT_SEC 30 /* or less, where a command must be quicker */

struct SlImapStream {
  SlSource *source;
  mailstream_low *low;
  int fd;
  gnutls_session_t tls;
  gboolean tls_on;
  gint64 deadline_usec; /* boot clock */
  guint64 budget;       /* bytes that the server may still send for this command */
  gboolean cancelled;
  char *trouble;        /* sticky */
};

static ssize_t
break_with(SlImapStream *s, const char *format, ...) G_GNUC_PRINTF(2, 3);

static ssize_t
break_with(SlImapStream *s, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  if (!s->trouble)
    s->trouble = g_strdup_vprintf(format, args);
  va_end(args);
  return -1;
}

/* FALSE: broken (timeout, cancelled). */
static gboolean
wait_for(SlImapStream *s, short events)
{
  for (;;) {
    struct pollfd fds[] = {{s->fd, events, 0}, {s->source->cancel_fd, POLLIN, 0}};
    gint64 left = (s->deadline_usec - sl_wall_boot_usec()) / 1000;
    sl_source_beat(s->source);
    if (left <= 0)
      return break_with(s, "the server did not answer in time") == 0;
    int n = poll(fds, G_N_ELEMENTS(fds), (int)MIN(left, 10000));
    if (n > 0 && fds[1].revents) {
      s->cancelled = TRUE;
      return break_with(s, "asked to stop") == 0;
    }
    if (n > 0)
      return TRUE;
    if (n < 0 && errno != EINTR)
      return break_with(s, "poll: %s", g_strerror(errno)) == 0;
  }
}

/* ---- libetpan's slots ---- */

static SlImapStream *
of(mailstream_low *low)
{
  return low->data;
}

static ssize_t
read_some(SlImapStream *s, void *buffer, size_t size)
{
  if (!s->tls_on) {
    ssize_t n = recv(s->fd, buffer, size, 0);
    return n < 0 && (errno == EAGAIN || errno == EINTR) ? GNUTLS_E_AGAIN : n < 0 ? break_with(s, "%s", g_strerror(errno)) : n;
  }
  ssize_t n = gnutls_record_recv(s->tls, buffer, size);
  if (n == GNUTLS_E_INTERRUPTED || n == GNUTLS_E_WARNING_ALERT_RECEIVED)
    return GNUTLS_E_AGAIN;
  return n < 0 && n != GNUTLS_E_AGAIN ? break_with(s, "TLS: %s", gnutls_strerror((int)n)) : n;
}

/* Never 0: libetpan would spin on an end of file inside a literal. */
static ssize_t
low_read(mailstream_low *low, void *buffer, size_t size)
{
  SlImapStream *s = of(low);
  if (s->trouble)
    return -1;
  if (s->budget == 0)
    return break_with(s, "the server sent more than was asked for");
  for (;;) {
    ssize_t n = read_some(s, buffer, MIN(size, s->budget));
    if (s->trouble)
      return -1;
    if (n == 0)
      return break_with(s, "the server closed the connection");
    if (n > 0 && sl_wall_boot_usec() > s->deadline_usec)
      return break_with(s, "the server did not answer in time");
    if (n > 0) {
      s->budget -= (guint64)n;
      return n;
    }
    if (!wait_for(s, s->tls_on && gnutls_record_get_direction(s->tls) ? POLLOUT : POLLIN))
      return -1;
  }
}

static ssize_t
low_write(mailstream_low *low, const void *buffer, size_t size)
{
  SlImapStream *s = of(low);
  while (!s->trouble) {
    ssize_t n = s->tls_on ? gnutls_record_send(s->tls, buffer, size) : send(s->fd, buffer, size, MSG_NOSIGNAL);
    if (n >= 0)
      return n;
    gboolean again = s->tls_on ? n == GNUTLS_E_AGAIN || n == GNUTLS_E_INTERRUPTED : errno == EAGAIN || errno == EINTR;
    if (!again)
      return break_with(s, "%s", s->tls_on ? gnutls_strerror((int)n) : g_strerror(errno));
    if (!wait_for(s, POLLOUT))
      return -1;
  }
  return -1;
}

static int
low_close(mailstream_low *low)
{
  SlImapStream *s = of(low);
  if (s->tls_on && !s->trouble)
    gnutls_bye(s->tls, GNUTLS_SHUT_WR);
  if (s->fd >= 0)
    close(s->fd);
  s->fd = -1;
  return 0;
}

static int
low_fd(mailstream_low *low)
{
  return of(low)->fd;
}

static void
low_free(mailstream_low *low)
{
  SlImapStream *s = of(low);
  if (s->fd >= 0)
    close(s->fd);
  if (s->tls)
    gnutls_deinit(s->tls);
  g_free(s->trouble);
  g_free(s);
  free(low);
}

static void
low_cancel(mailstream_low *low)
{
  (void)low;
}

static struct mailstream_cancel *
low_get_cancel(mailstream_low *low)
{
  (void)low;
  return NULL;
}

static mailstream_low_driver driver = {.mailstream_read = low_read,
                                       .mailstream_write = low_write,
                                       .mailstream_close = low_close,
                                       .mailstream_get_fd = low_fd,
                                       .mailstream_free = low_free,
                                       .mailstream_cancel = low_cancel,
                                       .mailstream_get_cancel = low_get_cancel};

/* ---- connecting ---- */

static void
keep_alive(int fd)
{
  int on = 1, idle = 60, interval = 20, count = 3;
  unsigned user_timeout_ms = 90000;
  setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
  setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof idle);
  setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval, sizeof interval);
  setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &count, sizeof count);
  setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &user_timeout_ms, sizeof user_timeout_ms);
}

static gboolean
connect_one(SlImapStream *s, const struct addrinfo *address)
{
  int error = 0;
  socklen_t length = sizeof error;
  s->fd = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (s->fd < 0)
    return FALSE;
  if (connect(s->fd, address->ai_addr, address->ai_addrlen) == 0)
    return TRUE;
  if (errno == EINPROGRESS && wait_for(s, POLLOUT) && getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &error, &length) == 0 && error == 0)
    return TRUE;
  if (error)
    errno = error;
  int why = errno;
  close(s->fd);
  s->fd = -1;
  errno = why;
  return FALSE;
}

static gboolean
dial(SlImapStream *s, const char *host, const char *port, GError **error)
{
  const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
  struct addrinfo *all = NULL;
  int rc = getaddrinfo(host, port, &hints, &all);
  if (rc != 0) {
    g_set_error(error, SL_ERROR, SL_ERROR_ACCOUNT, "%s: %s", host, gai_strerror(rc));
    return FALSE;
  }
  gboolean connected = FALSE;
  for (const struct addrinfo *a = all; a && !connected && !s->trouble; a = a->ai_next)
    connected = connect_one(s, a);
  int why = errno;
  freeaddrinfo(all);
  if (connected)
    keep_alive(s->fd);
  else
    g_set_error(error, SL_ERROR, s->cancelled ? (gint)SL_ERROR_CANCELLED : (gint)SL_ERROR_ACCOUNT, "cannot reach %s port %s: %s", host, port,
                s->trouble ? s->trouble : g_strerror(why));
  return connected;
}

SlImapStream *
sl_imap_stream_new(SlSource *source, const char *host, const char *port, GError **error)
{
  SlImapStream *s = g_new0(SlImapStream, 1);
  s->source = source;
  s->fd = -1;
  sl_imap_stream_arm(s, MIN(CONNECT_SEC, (int)source->options->timeout_sec), 65536);
  if (!dial(s, host, port, error)) {
    g_free(s->trouble);
    g_free(s);
    return NULL;
  }
  s->low = mailstream_low_new(s, &driver);
  g_assert(s->low != NULL);
  return s;
}

void
sl_imap_stream_free(SlImapStream *stream)
{
  if (stream)
    low_free(stream->low);
}

mailstream_low *
sl_imap_stream_low(SlImapStream *stream)
{
  return stream->low;
}

void
sl_imap_stream_arm(SlImapStream *stream, int sec, guint64 bytes)
{
  stream->deadline_usec = sl_wall_boot_usec() + sec * G_USEC_PER_SEC;
  stream->budget = bytes;
}

gboolean
sl_imap_stream_starttls(SlImapStream *s, const char *host, gnutls_certificate_credentials_t credentials, GError **error)
{
  s->tls = sl_tls_session(host, s->fd, credentials, error);
  if (!s->tls)
    return FALSE;
  for (;;) {
    int rc = gnutls_handshake(s->tls);
    if (rc == 0) {
      s->tls_on = TRUE;
      return TRUE;
    }
    if (rc != GNUTLS_E_AGAIN && rc != GNUTLS_E_INTERRUPTED && gnutls_error_is_fatal(rc)) {
      sl_tls_explain(s->tls, host, rc, error);
      break_with(s, "no TLS");
      return FALSE;
    }
    if ((rc == GNUTLS_E_AGAIN || rc == GNUTLS_E_INTERRUPTED) && !wait_for(s, gnutls_record_get_direction(s->tls) ? POLLOUT : POLLIN)) {
      g_set_error(error, SL_ERROR, s->cancelled ? (gint)SL_ERROR_CANCELLED : (gint)SL_ERROR_ACCOUNT, "TLS with %s: %s", host, s->trouble);
      return FALSE;
    }
  }
}

gboolean
sl_imap_stream_pending(const SlImapStream *stream)
{
  return stream->tls_on && gnutls_record_check_pending(stream->tls) > 0;
}

int
sl_imap_stream_fd(const SlImapStream *stream)
{
  return stream->fd;
}

const char *
sl_imap_stream_trouble(const SlImapStream *stream, gboolean *out_cancelled)
{
  *out_cancelled = stream->cancelled;
  return stream->trouble;
}
