import { afterEach, beforeEach, expect, test } from "bun:test"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { builtInTasks } from "./built-in.ts"
import { writeFiles } from "./files.ts"

let folder = ""
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "skein-built-in-"))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** One way to do each: what shows that it can be done, and that its check knows when it is. */
const SOLUTIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "sum-column": {
    "lib/sum.sh": `awk -F, -v column="$2" 'NR > 1 { total += $column } END { print total + 0 }' "$1"\n`,
  },
  "trim-lines": {
    "lib/trim.sh": `sed 's/[[:space:]]*$//' | awk '$0 == "" { empty = 1; next } { if (empty && said) print ""; print; empty = 0; said = 1 }'\n`,
  },
  "ini-get": {
    "lib/ini.sh": `awk -v section="$2" -v key="$3" '
      { line = $0; sub(/^[ \\t]+/, "", line); sub(/[ \\t]+$/, "", line) }
      line ~ /^[;#]/ { next }
      line ~ /^\\[.*\\]$/ { now = substr(line, 2, length(line) - 2); next }
      now == section {
        at = index(line, "="); if (!at) next
        name = substr(line, 1, at - 1); sub(/[ \\t]+$/, "", name)
        if (name != key) next
        value = substr(line, at + 1); sub(/^[ \\t]+/, "", value)
        if (value ~ /^".*"$/) value = substr(value, 2, length(value) - 2)
        found = 1
      }
      END { if (found) print value; exit !found }' "$1"\n`,
  },
  roman: {
    "lib/roman.sh": `case $1 in ''|*[!0-9]*) exit 2;; esac
[ "$1" -ge 1 ] && [ "$1" -le 3999 ] || exit 2
n=$1; out=
for pair in 1000:M 900:CM 500:D 400:CD 100:C 90:XC 50:L 40:XL 10:X 9:IX 5:V 4:IV 1:I; do
  while [ "$n" -ge "\${pair%%:*}" ]; do out=$out\${pair##*:}; n=$((n - \${pair%%:*})); done
done
echo "$out"\n`,
  },
  "rename-option": {
    "README.md": "`sh bin/greet.sh [--quiet] NAME`\n",
    "lib/help.sh": `help() { echo "Usage: greet.sh [--quiet] NAME"; }\n`,
    "lib/options.sh": `read_options() {
  is_silent= is_help= name=
  for word in "$@"; do
    case $word in
      --quiet) is_silent=yes ;;
      --silent) is_silent=yes; echo "--silent is now --quiet" >&2 ;;
      --help) is_help=yes ;;
      --*) exit 2 ;;
      *) name=$word ;;
    esac
  done
}\n`,
  },
  "semver-sort": {
    "lib/semver-sort.sh": `awk '
      function less(a, b,   x, y, i, n, m, p, q) {
        sub(/\\+.*/, "", a); sub(/\\+.*/, "", b)
        p = index(a, "-") ? substr(a, index(a, "-") + 1) : ""; q = index(b, "-") ? substr(b, index(b, "-") + 1) : ""
        sub(/-.*/, "", a); sub(/-.*/, "", b)
        split(a, x, "."); split(b, y, ".")
        for (i = 1; i <= 3; i++) if (x[i] + 0 != y[i] + 0) return x[i] + 0 < y[i] + 0
        if (p == "" || q == "") return p != "" && q == ""
        n = split(p, x, "."); m = split(q, y, ".")
        for (i = 1; i <= n && i <= m; i++) {
          if (x[i] "" == y[i] "") continue
          if (x[i] ~ /^[0-9]+$/ && y[i] ~ /^[0-9]+$/) return x[i] + 0 < y[i] + 0
          if (x[i] ~ /^[0-9]+$/) return 1
          if (y[i] ~ /^[0-9]+$/) return 0
          return x[i] "" < y[i] ""
        }
        return n < m
      }
      { for (at = NR; at > 1 && less($0, line[at - 1]); at--) line[at] = line[at - 1]; line[at] = $0 }
      END { for (i = 1; i <= NR; i++) print line[i] }'\n`,
  },
}

for (const task of builtInTasks()) {
  test(`the task ${task.name} is not done at its beginning, and its check knows when it is`, async () => {
    await task.prepare(folder)
    expect(task.prompt).not.toBe("")
    expect(await exitOf(task.check)).not.toBe(0)
    // Tests that were made easy are put back.
    writeFiles(folder, new Map([["test/run.sh", "exit 0\n"]]))
    await task.restore(folder)
    expect(await exitOf(task.check)).not.toBe(0)

    writeFiles(folder, new Map(Object.entries(SOLUTIONS[task.name] ?? {})))
    expect(await exitOf(task.check)).toBe(0)
  })
}

async function exitOf(command: string): Promise<number> {
  const child = Bun.spawn(["sh", "-c", command], { cwd: folder, stdin: "ignore", stdout: "ignore", stderr: "ignore" })
  return await child.exited
}
