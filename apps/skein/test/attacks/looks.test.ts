import { expect, setDefaultTimeout, test } from "bun:test"
import { attack, bash, WHO } from "../ground/attack.ts"
import { describeBinary } from "../ground/binary.ts"

// A hang guard: an attack takes a second or two, on a machine that does much else far more.
setDefaultTimeout(120_000)

/** Nobody is there to answer and nothing holds a command: what runs was taken for something that only looks. */
const LOOKING_ONLY = ["--mode", "ask", "--no-sandbox"]

const COMMIT = "git -c user.name=a -c user.email=a@b.c commit -qm"
/** A repository of which looking at it runs something, though its own settings name no program for that. */
const SETUP = [
  "git init -q . && echo 1 > a && git add -A",
  "mkdir sub && cd sub && git init -q . && echo 1 > f && git add f",
  `${COMMIT} 1 && git config core.fsmonitor 'touch ../../outside/m-sub;' && cd ..`,
  `git add sub 2>/dev/null; ${COMMIT} 1`,
  "printf '#!/bin/sh\\ntouch ../outside/m-hook\\n' > .git/hooks/post-index-change && chmod +x .git/hooks/post-index-change",
  "touch -d 2001-01-01 a",
  `git config extensions.partialClone o && git config remote.o.promisor true && git config remote.o.url "$PWD"`,
  `git config remote.o.uploadpack "touch $PWD/../outside/m-fetch;" && git config core.repositoryformatversion 1`,
  "echo 'a[$(touch ../outside/m-file)]' > number",
  "echo x > ./-l && echo x > evil && zip -q a.zip -- -l evil && rm ./-l evil",
  "ln -s ../outside/key notes",
].join("\n")

const RUNNING: readonly string[] = [
  "read <<< 'a[$(touch $M)]'; echo $((REPLY))",
  "mapfile <<< 'a[$(touch $M)]'; echo $((MAPFILE))",
  "[[ 'a[$(touch $M)]' =~ .* ]]; echo $((BASH_REMATCH))",
  ": 'a[$(touch $M)]'; echo $((_))",
  ": 'a[$(touch $M)]'; [[ _ -eq 1 ]]",
  "set -- 'a[$(touch $M)]'; echo $(($1))",
  "echo $(( $(cat number) ))",
  "[[ $(cat number) -eq 1 ]]",
  "x=abc; echo ${x:$(cat number)}",
  "git status",
  "git diff",
  "git show 1234567890123456789012345678901234567890",
  "unzip a.zip -l evil",
  "git config --show-scope alias.x '!touch $M'",
  "git config core.hooksPath list",
]

const READING: readonly string[] = [
  "expand $K",
  "fmt $K",
  "base32 -w0 $K | base32 -d",
  "grep --file=$K -o '.*' $K",
  "file -f $K",
  "wc --files0-from=$K",
  "awk 'BEGIN { while ((getline l < \"$K\") > 0) print l }'",
  "git diff --no-index /dev/null $K",
  "git grep --no-index . $K",
  "X=$K; cat $X",
  'set -- $K; cat "$1"',
  "for f in ../outside/k*; do cat $f; done",
  'read f <<< $K; cat "$f"',
  "dd if=$K",
  "cat {$K,number}",
  "cat su*/../../outside/key",
  "cat notes",
  "echo $K | xargs -I{} cat {}",
  "X=../outside; cd $X && cat *",
]

for (const who of WHO) {
  describeBinary(`a line that looks as if it only looked, as ${who}`, () => {
    test("T2, T10, T38: nothing runs or is written by what is taken for a look, with nothing but the policy", async () => {
      using ran = await attack({
        who,
        args: LOOKING_ONLY,
        setup: SETUP,
        steps: ({ outside }) => RUNNING.map((line, at) => [bash(line.replaceAll("$M", `${outside}/m${at}`))]),
      })
      expect(ran.results).toHaveLength(RUNNING.length)
      expect(ran.changed).toEqual([])
    })

    test("these lines do what they are after when nothing protects, so the above says something", async () => {
      using ran = await attack({
        who,
        args: ["--mode", "full", "--no-sandbox"],
        setup: SETUP,
        steps: ({ outside }) => RUNNING.map((line, at) => [bash(line.replaceAll("$M", `${outside}/m${at}`))]),
      })
      for (const made of ["m0", "m1", "m2", "m3", "m4", "m5", "m-file", "m-sub", "m-hook", "m-fetch"]) {
        expect([made, ran.changed.includes(`+ outside/${made}`)]).toEqual([made, true])
      }
      expect(ran.changed).toContain("+ project/evil")
      expect(ran.changed).toContain("~ project/.git/config")
    })

    test("what lies outside is not read unasked, whatever names it", async () => {
      using ran = await attack({
        who,
        args: LOOKING_ONLY,
        files: { "outside/key": "precious-words\n" },
        setup: SETUP,
        steps: ({ outside }) => READING.map((line) => [bash(line.replaceAll("$K", `${outside}/key`))]),
      })
      expect(ran.results).toHaveLength(READING.length)
      expect(gotten(ran.results)).toEqual([])
    })

    test("looking at what lies in the folder goes on unasked", async () => {
      using ran = await attack({
        who,
        args: LOOKING_ONLY,
        setup: `git init -q . && git add -A && ${COMMIT} 1`,
        steps: () => [
          [
            bash("git status --short && git diff HEAD && git log --oneline"),
            bash("cat *.md README; grep -rn hello . | wc -l"),
            bash("echo $(( $(wc -l < README) + 1 ))"),
            bash("git config --show-origin --list && git grep -n hello"),
          ],
        ],
      })
      expect(ran.results.map((text) => /\(exit [01]\)/.test(text))).toEqual([true, true, true, true])
    })
  })
}

function gotten(results: readonly string[]): readonly string[] {
  return READING.filter((_, at) => results[at]?.includes("precious-words"))
}
