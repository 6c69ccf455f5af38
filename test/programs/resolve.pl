# Prints the IPv4 addresses Perl's gethostbyname (the libc's older call, not getaddrinfo) finds for the name given.
use strict;
use warnings;
use Socket qw(inet_ntoa);

my (undef, undef, undef, undef, @found) = gethostbyname($ARGV[0]);
if (!@found) {
    print STDERR "$ARGV[0]: not found\n";
    exit 1;
}
my %texts = map { inet_ntoa($_) => 1 } @found;
print "$_\n" for sort keys %texts;
