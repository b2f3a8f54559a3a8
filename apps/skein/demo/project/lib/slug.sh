# slug TITLE: prints the title in lower case, words joined by single dashes.
slug() {
  printf '%s' "$1" |
    tr '[:upper:]' '[:lower:]' |
    sed -e 's/&/ and /g' -e 's/[^a-z0-9]/-/g'
}
