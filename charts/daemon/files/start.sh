# Starts the program of a container, with nothing but the built-in commands of a POSIX shell and our own busybox: the image
# may have neither. The arguments are the program and its arguments. Comes after prepare.mjs, which leaves in $TESTNET_RUN
#   markers   lines "ADDRESS MARKER": what to put in the place of a text in arguments and environment
#   env/NAME  a variable that holds a secret
# Where TESTNET_KEEPER is set, the program starts only while the pod holds its leases (keeper.mjs).
set -eu
trap 'exit 143' TERM INT

run=${TESTNET_RUN:-/testnet/run}
busybox=${TESTNET_BUSYBOX:-/testnet/bin/busybox}

# Sets `result` to $1 with every marker replaced.
replace() {
  result=$1
  [ -f "$run/markers" ] || return 0
  while read -r address marker; do
    before=
    while :; do
      case $result in
        *"$marker"*) ;;
        *) break ;;
      esac
      before=$before${result%%"$marker"*}$address
      result=${result#*"$marker"}
    done
    result=$before$result
  done < "$run/markers"
}

for name in ${TESTNET_MARKED_ENV:-}; do
  eval "value=\${$name}"
  replace "$value"
  export "$name=$result"
done

if [ -d "$run/env" ]; then
  for file in "$run/env"/*; do
    [ -f "$file" ] || continue
    value=
    while IFS= read -r line || [ -n "$line" ]; do
      value="$value${value:+
}$line"
    done < "$file"
    export "${file##*/}=$value"
  done
fi

count=$#
while [ "$count" -gt 0 ]; do
  replace "$1"
  shift
  set -- "$@" "$result"
  count=$((count - 1))
done

if [ -n "${TESTNET_KEEPER:-}" ]; then
  until "$busybox" wget -q -T 2 -O /dev/null "$TESTNET_KEEPER" 2> /dev/null; do
    "$busybox" sleep 1
  done
fi

unset TESTNET_KEEPER TESTNET_MARKED_ENV
trap - TERM INT
exec "$@"
