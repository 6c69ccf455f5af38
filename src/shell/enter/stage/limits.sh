# Sets the caller's limits again: sudo and doas change them (core dumps; pam_limits). Not every root may raise them.
# shellcheck disable=SC2086 # a word each
prlimit --pid "$$" $netexec_limits 2>/dev/null || :
