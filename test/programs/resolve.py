# Prints the IPv4 addresses Python's socket.getaddrinfo finds for the name given.
import socket
import sys

try:
    found = socket.getaddrinfo(sys.argv[1], None, socket.AF_INET, socket.SOCK_STREAM)
except socket.gaierror as error:
    sys.exit(f"{sys.argv[1]}: {error.strerror}")
print("\n".join(sorted({each[4][0] for each in found})))
