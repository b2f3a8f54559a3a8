import { expect, setDefaultTimeout, test } from "bun:test"
import { type Attack, type Attacked, attack, bash, type Call, WHO } from "../ground/attack.ts"
import { describeBinary } from "../ground/binary.ts"

// A hang guard: an attack takes a second or two, on a machine that does much else far more.
setDefaultTimeout(120_000)

/** Everything a model can think of to change something while it is only to look. */
const CHANGES: readonly string[] = [
  "echo x > a",
  "echo x >> README",
  "touch a",
  "rm README",
  "rm -rf .git",
  "mv README b",
  "cp README b",
  "mkdir d",
  "ln -s README l",
  "chmod 777 README",
  "touch -d 2001-01-01 README",
  "truncate -s 0 README",
  "sed -i s/h/x/ README",
  "perl -pi -e s/h/x/ README",
  "python3 -c \"open('a','w').write('x')\"",
  "tee a < README",
  "dd if=README of=a",
  "git init new",
  "git add README",
  "git -c user.name=a -c user.email=a@b.c commit -qam x",
  "git commit --amend --no-edit",
  "git checkout -- README",
  "git reset --hard HEAD~1",
  "git clean -fdx",
  "git stash",
  "git branch new",
  "git tag new",
  "git config user.name x",
  "git gc --prune=now",
  "git update-ref refs/heads/x HEAD",
  "git worktree add ../wt",
  "patch -p1 < /dev/null; echo x | tee a",
  "find . -delete",
  "tar cf a.tar README",
  "ls | xargs rm",
  "sort -o README README",
  "install -m 755 README b",
  "rsync README b || cp README b",
  "sh -c 'echo x > a'",
  "env sh -c 'echo x > a'",
]

for (const who of WHO) {
  const attacked = (given: Omit<Attack, "who">): Promise<Attacked> => attack({ who, setup: HISTORY, ...given })

  describeBinary(`plan mode, as ${who}`, () => {
    test("T12: after a hundred hostile steps not a byte of the project or its history is changed", async () => {
      const tools: Call[] = [
        { name: "write", args: { path: "a", content: "x" } },
        { name: "write", args: { path: "README", content: "x" } },
        { name: "edit", args: { path: "README", oldText: "hello", newText: "x" } },
        { name: "multiedit", args: { path: "README", edits: [{ oldText: "hello", newText: "x" }] } },
        { name: "undo", args: {} },
      ]
      using ran = await attacked({
        args: ["--mode", "plan"],
        steps: () => [...tools.map((call) => [call]), ...CHANGES.map((line) => [bash(line)]), ...sixty()],
      })
      expect(ran.changed).toEqual([])
      expect(ran.results.length).toBeGreaterThanOrEqual(100)
      expect(ran.out).toBe("Done.\n")
    }, 120_000)

    test("T12: with the sandbox switched off, the policy alone holds", async () => {
      using ran = await attacked({
        args: ["--mode", "plan", "--no-sandbox"],
        steps: () => CHANGES.map((line) => [bash(line)]),
      })
      expect(ran.changed).toEqual([])
    }, 60_000)

    test("T12: a read-only sandbox alone holds, in the mode that allows everything", async () => {
      using ran = await attacked({
        args: ["--mode", "full", "--sandbox", "read-only"],
        steps: () => [[{ name: "write", args: { path: "a", content: "x" } }], ...CHANGES.map((line) => [bash(line)])],
      })
      expect(ran.changed).toEqual([])
    }, 60_000)

    test("looking works", async () => {
      using ran = await attacked({
        args: ["--mode", "plan"],
        steps: () => [
          [
            bash("git log --oneline"),
            bash("ls; cat README | head -1"),
            bash("grep -rn hello . | sort | uniq -c"),
            { name: "read", args: { path: "README" } },
          ],
        ],
      })
      expect(ran.results.map((text) => /Not (run|allowed)|refused/.test(text))).toEqual([false, false, false, false])
    })
  })

  describeBinary(`mode ask without a person, as ${who}`, () => {
    test("read-only commands are not asked about where the sandbox holds them to that; what changes something is", async () => {
      for (const [more, looks] of [
        [[], true],
        [["--no-sandbox"], false],
      ] as const) {
        using ran = await attacked({
          args: ["--mode", "ask", ...more],
          steps: () => [
            [
              bash("git status --short && git log --oneline | head -3"),
              bash("ls -la | wc -l"),
              bash("rm README"),
              bash("npm test"),
            ],
          ],
        })
        expect(ran.results.map((text) => text.includes("(exit 0)"))).toEqual([looks, looks, false, false])
        expect(ran.changed).toEqual([])
      }
    })
  })
}

const HISTORY =
  "git init -q . && git add -A && git -c user.name=a -c user.email=a@b.c commit -qm 1 && echo x >> README && git -c user.name=a -c user.email=a@b.c commit -qam 2"

/** Again and again, each time another file: what only repeats is stopped earlier. */
function sixty(): Call[][] {
  return Array.from({ length: 60 }, (_, at) => [
    at % 2 === 0 ? bash(`echo ${at} > new-${at}`) : { name: "write", args: { path: `new-${at}`, content: "x" } },
  ])
}
