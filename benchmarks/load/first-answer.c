// Starts a server and says when it first answers.
//   cc -O2 -o first-answer first-answer.c && ./first-answer [-t seconds=20] [-i idle-seconds=0] PORT COMMAND ARGS...
// Connects to 127.0.0.1:PORT again and again, posts `initialize` to /mcp, and waits for an answer with status 200.
// Prints "MILLISECONDS RSS-KIB": the time from the start of the process, and its resident memory idle-seconds later.
// Ends the server with SIGTERM, and with SIGKILL if that does not help.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now_ms(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec * 1e3 + t.tv_nsec / 1e6; }
static void pause_ms(int ms) { struct timespec t = { ms / 1000, ms % 1000 * 1000000L }; nanosleep(&t, NULL); }

static const char body[] =
  "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},"
  "\"clientInfo\":{\"name\":\"first-answer\",\"version\":\"1\"}}}";

static int answers(int port) {
  int fd = socket(AF_INET, SOCK_STREAM, 0), ok = 0;
  struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
  struct timeval patience = { 5, 0 };
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (!connect(fd, (void *) &to, sizeof to)) {
    char text[1024];
    int n = snprintf(text, sizeof text,
      "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\n"
      "Content-Length: %zu\r\n\r\n%s", sizeof body - 1, body);
    if (write(fd, text, n) == n && (n = read(fd, text, sizeof text - 1)) > 0) { text[n] = 0; ok = !strncmp(text, "HTTP/1.1 200", 12); }
  }
  close(fd);
  return ok;
}

static long rss_kib(pid_t pid) {
  char path[64], line[256]; long kib = -1;
  snprintf(path, sizeof path, "/proc/%d/status", (int) pid);
  FILE *f = fopen(path, "r");
  while (f && fgets(line, sizeof line, f)) if (sscanf(line, "VmRSS: %ld", &kib) == 1) break;
  if (f) fclose(f);
  return kib;
}

int main(int argc, char **argv) {
  double limit = 20, idle = 0;
  for (int o; (o = getopt(argc, argv, "+t:i:")) != -1; )
    switch (o) { case 't': limit = atof(optarg); break; case 'i': idle = atof(optarg); break; default: return 2; }
  if (argc - optind < 2) { fprintf(stderr, "usage: first-answer [-t seconds] [-i idle-seconds] PORT COMMAND ARGS...\n"); return 2; }
  int port = atoi(argv[optind]); double start = now_ms();
  pid_t pid = fork();
  if (!pid) { dup2(2, 1); execvp(argv[optind + 1], argv + optind + 1); perror(argv[optind + 1]); _exit(127); }
  int status, up = 0;
  while (!(up = answers(port)) && now_ms() - start < limit * 1e3 && waitpid(pid, &status, WNOHANG) == 0) pause_ms(1);
  double took = now_ms() - start;
  if (up) { pause_ms((int) (idle * 1e3)); printf("%.0f %ld\n", took, rss_kib(pid)); }
  else fprintf(stderr, "first-answer: no answer on port %d within %.0f s\n", port, limit);
  kill(pid, SIGTERM);
  for (double end = now_ms() + 5e3; now_ms() < end; pause_ms(5)) if (waitpid(pid, &status, WNOHANG) != 0) return !up;
  kill(pid, SIGKILL); waitpid(pid, &status, 0);
  return !up;
}
