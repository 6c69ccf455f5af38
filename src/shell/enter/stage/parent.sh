# Checks that netexec is still the parent.
read -r netexec_stat <"/proc/$$/stat"
netexec_stat=${netexec_stat##*) ? }
[ "${netexec_stat%% *}" = "$netexec_parent" ] || refuse 'netexec exited before COMMAND started'
