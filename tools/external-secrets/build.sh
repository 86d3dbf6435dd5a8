#!/usr/bin/env bash
# Builds the real External Secrets controller with Vault as its only provider: build.sh OUT
#
# The published module can't be built as it is: its list of providers imports modules that no proxy has. So the module's
# sources are copied out of Go's cache, which is read-only, to a folder that lives only as long as the build; what this
# project does not use is left out, and the few files under overlay/ take their places. See README.md.
set -euo pipefail

module=github.com/external-secrets/external-secrets
version=v0.20.4
# As go.sum would have it. go.sum can't hold it, for here the module is not a dependency but what is built.
checksum=h1:HhNAjWfFEshhItphr28SGsHzf2bUP7uDAOVLg76uNAg=

out=${1:?usage: build.sh OUT}
mkdir -p "$(dirname "$out")"
out=$(cd "$(dirname "$out")" && pwd)/$(basename "$out")
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" # no go.mod here: what is downloaded does not depend on where the caller stands

echo "getting the sources of $module $version"
answer=$(GOFLAGS='' go mod download -json "$module@$version")
field() { sed -n "s/^[[:space:]]*\"$1\": \"\(.*\)\",\{0,1\}$/\1/p" <<<"$answer"; }
if [[ $(field Sum) != "$checksum" ]]; then
  echo "$module $version has checksum $(field Sum), expected $checksum: it was changed on its way. Nothing was built." >&2
  exit 1
fi
sources=$(field Dir)

mkdir "$work/source"
cd "$work/source"
cp -R "$sources"/{main.go,apis,cmd,pkg} .
chmod -R u+w .

# Left out: other commands, tests, providers and generators; the conversion webhook, which needs an older
# controller-runtime than Kubernetes 1.36's client goes with, and which a cluster without old objects does not need.
find . -name '*_test.go' -delete
find apis/externalsecrets -name '*_webhook.go' -delete
rm -r cmd/esoctl cmd/controller/webhook.go
find pkg/provider -mindepth 1 -maxdepth 1 ! -name vault ! -name register ! -name util -exec rm -r {} +
find pkg/generator -mindepth 1 -maxdepth 1 ! -name register ! -name statemanager -exec rm -r {} +
rm -r pkg/provider/vault/iamauth
cp -R "$here"/overlay/. .

echo "building $module $version with the provider vault"
CGO_ENABLED=0 go build -v -trimpath -ldflags "-s -w" -o "$out.partial" .
mv "$out.partial" "$out"
