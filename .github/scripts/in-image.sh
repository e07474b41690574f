#!/usr/bin/env bash
# in-image.sh ARGUMENT…: runs `testnet` of the image $IMAGE on the stack files of this checkout, with the credentials of this job.
set -euo pipefail
here=$PWD
variables=()
for name in PULUMI_BACKEND_URL PULUMI_CONFIG_PASSPHRASE GOOGLE_APPLICATION_CREDENTIALS CI; do
  [[ -n ${!name:-} ]] && variables+=(--env "$name")
done
# Those of AWS have many names.
while IFS= read -r name; do variables+=(--env "$name"); done < <(compgen -e AWS_ || true)
mkdir -p "$here/.testnet"
exec docker run --rm --user "$(id -u):$(id -g)" --volume "$here:$here" --workdir "$here" \
  --env "TESTNET_HOME=$here/.testnet" "${variables[@]}" "$IMAGE" --directory "$here" "$@"
