#!/bin/sh
# Runs every case; exits with 1 when one fails.
cd "$(dirname "$0")/.." || exit 1
. lib/slug.sh

failed=0
expect() {
  got=$(slug "$1")
  if [ "$got" = "$2" ]; then
    echo "ok    $1"
  else
    echo "FAIL  $1: expected $2, got $got"
    failed=1
  fi
}

expect "Hello World" "hello-world"
expect "Salt & Pepper" "salt-and-pepper"
expect "  Ready, steady, go!  " "ready-steady-go"

[ "$failed" = 0 ] && echo "all tests pass"
exit "$failed"
