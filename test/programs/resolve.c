/* Prints the IPv4 addresses getaddrinfo finds for the name given; built with glibc, static glibc and static musl. */
#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { most = 256 };

static int order(const void *a, const void *b) { return strcmp(a, b); }

int main(int argc, char **argv) {
  static char texts[most][INET_ADDRSTRLEN];
  struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM}, *found;
  size_t count = 0;
  if (argc != 2) return fprintf(stderr, "usage: resolve NAME\n"), 1;
  int failed = getaddrinfo(argv[1], NULL, &hints, &found);
  if (failed) return fprintf(stderr, "%s: %s\n", argv[1], gai_strerror(failed)), 1;
  for (struct addrinfo *each = found; each && count < most; each = each->ai_next, count++)
    inet_ntop(AF_INET, &((struct sockaddr_in *)each->ai_addr)->sin_addr, texts[count], sizeof texts[count]);
  qsort(texts, count, sizeof texts[0], order);
  for (size_t i = 0; i < count; i++)
    if (i == 0 || strcmp(texts[i], texts[i - 1])) puts(texts[i]);
  return 0;
}
