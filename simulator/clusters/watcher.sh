#!/bin/sh
# Ends the processes of a rehearsal when the one that started them is gone: reads "+PID" and "-PID" until its standard
# input, a pipe held by that one alone, is closed.
pids=" "
while read -r line; do
  pid=${line#?}
  case $line in
    +*) pids="$pids$pid " ;;
    -*) pids="${pids%% $pid *} ${pids#* $pid }" ;;
  esac
done
for pid in $pids; do kill -9 "$pid" 2>/dev/null; done
exit 0
