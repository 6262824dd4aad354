#!/bin/sh
# Writes src/events/gvisor/strace_pb.ts from proto/: `npm run generate:events`. Needs protoc (Debian: protobuf-compiler).
set -eu
cd "$(dirname "$0")/.."
exec npx --yes --package @bufbuild/protoc-gen-es@2.13.0 -- protoc -I proto --es_out=src/events --es_opt=target=ts,import_extension=none gvisor/strace.proto
