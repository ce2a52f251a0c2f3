// What the disk alone takes: writes of n bytes into a preallocated file, each followed by fdatasync.
//   cc -O2 -o fdatasync fdatasync.c && ./fdatasync FILE [writes=300] [bytes=1024]
// Prints the median and the 99th percentile in microseconds: "p50 p99". FILE is made and removed.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static double now_us(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec * 1e6 + t.tv_nsec / 1e3; }
static int ascending(const void *a, const void *b) { double x = *(const double *) a, y = *(const double *) b; return x < y ? -1 : x > y; }

int main(int argc, char **argv) {
  if (argc < 2) { fprintf(stderr, "usage: fdatasync FILE [writes] [bytes]\n"); return 2; }
  int writes = argc > 2 ? atoi(argv[2]) : 300, bytes = argc > 3 ? atoi(argv[3]) : 1024;
  if (writes < 1 || bytes < 1) return 2;
  char *data = malloc(bytes); memset(data, 'x', bytes);
  int fd = open(argv[1], O_RDWR | O_CREAT | O_TRUNC, 0600);
  if (fd < 0) { perror(argv[1]); return 1; }
  // Written, not only reserved: a flush into a hole would pay for metadata too.
  for (int i = 0; i < writes; i++) if (pwrite(fd, data, bytes, (off_t) i * bytes) != bytes) { perror("write"); return 1; }
  fsync(fd);
  double *took = malloc(sizeof *took * (size_t) writes);
  for (int i = 0; i < writes; i++) {
    double start = now_us();
    if (pwrite(fd, data, bytes, (off_t) i * bytes) != bytes || fdatasync(fd)) { perror("write"); return 1; }
    took[i] = now_us() - start;
  }
  qsort(took, writes, sizeof *took, ascending);
  printf("%.0f %.0f\n", took[writes / 2], took[writes * 99 / 100]);
  close(fd); unlink(argv[1]);
  return 0;
}
