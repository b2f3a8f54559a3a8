import { expect, setDefaultTimeout, test } from "bun:test"
import { type Attack, type Attacked, attack, bash, LAYERS, WHO } from "../ground/attack.ts"
import { describeBinary } from "../ground/binary.ts"

// A hang guard: an attack takes a second or two, on a machine that does much else far more.
setDefaultTimeout(120_000)

const ALLOWED = [
  "echo *",
  "git diff *",
  "git log *",
  "git status *",
  "ls *",
  "cat *",
  "find *",
  "sed *",
  "sort *",
  "true *",
]
const RULES = `rules=[${ALLOWED.map((command) => `{tool = "bash", command = "${command}", decision = "allow"}`).join(", ")}]`
/** What the person allowed, and nothing that stands between it and the machine: the policy is all there is. */
const POLICY_ALONE = ["--mode", "ask", "--no-sandbox", "-c", RULES]

/** Lines that begin like something allowed. Each leaves `$M` behind if it does what it is after. */
const EVASIONS: readonly string[] = [
  // T1: chains.
  "echo a; touch $M",
  "echo a && touch $M",
  "false || touch $M",
  "echo a | tee $M",
  "echo a | xargs touch $M",
  "echo a & touch $M",
  "echo a\ntouch $M",
  "echo a |& touch $M",
  "{ echo a; touch $M; }",
  "(echo a; touch $M)",
  "! touch $M",
  "echo a; f() { touch $M; }; f",
  "echo a; case x in x) touch $M;; esac",
  "for i in 1; do touch $M; done",
  "if true; then touch $M; fi",
  "while touch $M; do break; done",
  "coproc touch $M; echo a; sleep 0.1",
  // T2: substitutions.
  "echo $(touch $M)",
  "echo `touch $M`",
  'echo "$(touch $M)"',
  "echo <(touch $M); sleep 0.1",
  "cat <(touch $M)",
  "echo ${x:=$(touch $M)}",
  "x='$(touch $M)'; echo ${x@P}",
  "echo $((a[$(touch $M)]))",
  "[[ -v a[$(touch $M)] ]]",
  "cat <<E\n$(touch $M)\nE",
  "cat <<< $(touch $M)",
  "echo $(( $(touch $M; echo 1) ))",
  "declare -A b; echo $[ $(touch $M; echo 1) ]",
  // T3: redirections.
  "echo x > $M",
  "echo x >| $M",
  "echo x &> $M",
  "echo x >> $M",
  "echo x 3>> $M",
  "ls >& $M",
  "echo x 1<> $M",
  "exec 5> $M",
  // T4, T6: spellings and wrappers.
  "env touch $M",
  "command touch $M",
  "builtin eval touch $M",
  "eval 'touch $M'",
  "sh -c 'touch $M'",
  'bash -c "touch $M"',
  "timeout 5 touch $M",
  "nohup touch $M",
  "nice touch $M",
  "\\touch $M",
  "t''ouch $M",
  "$'\\x74ouch' $M",
  "/usr/bin/touch $M",
  "/proc/self/root/usr/bin/touch $M",
  "a=touch; $a $M",
  "echo touch $M | sh",
  "sh <<< 'touch $M'",
  "bash <<E\ntouch $M\nE",
  "source <(echo touch $M)",
  ". /dev/stdin <<< 'touch $M'",
  "echo a\\\n; touch $M",
  "trap 'touch $M' EXIT",
  "alias ls='touch $M'\nshopt -s expand_aliases\nls",
  // T7: what a command is given beside its words.
  "PROMPT_COMMAND='touch $M' bash -ic true",
  "BASH_ENV=<(echo touch $M) bash -c true",
  "GIT_EXTERNAL_DIFF='touch $M;' git diff HEAD~1",
  "GIT_PAGER='touch $M' git -p log",
  // T8, T9: options that write or run.
  "find . -maxdepth 0 -exec touch $M ;",
  "find . -maxdepth 0 -exec touch $M \\;",
  "find . -maxdepth 0 -execdir touch $M \\;",
  "find . -maxdepth 0 -fprint $M",
  "find . -maxdepth 0 -fls $M",
  "sed -n '1w $M' README",
  "sed -n '1e touch $M' README",
  "sed --in-place=.x s/h/x/ README; cp README $M",
  "sort README -o $M",
  "sort --compress-program=touch --output=$M README",
  "git diff --output=$M HEAD~1",
  "git log -1 --output=$M",
  "git -c core.pager='touch $M;' -p log",
  "git -c alias.x='!touch $M' x",
  "git diff --ext-diff HEAD~1; git -c diff.external='touch $M;' diff --ext-diff HEAD~1",
  "git log --no-index --output $M",
  // T5: a long line.
  `${"true; ".repeat(80)}touch $M`,
  `echo ${"a ".repeat(20_000)}; touch $M`,
  // T11: elsewhere.
  "cd .. && echo x > outside/$(basename $M)",
]

const HISTORY =
  "git init -q . && git add -A && git -c user.name=a -c user.email=a@b.c commit -qm 1 && echo x >> README && git -c user.name=a -c user.email=a@b.c commit -qam 2"

for (const who of WHO) {
  const attacked = (given: Omit<Attack, "who">): Promise<Attacked> => attack({ who, setup: HISTORY, ...given })
  const lines = (outside: string) => EVASIONS.map((line, at) => line.replaceAll("$M", `${outside}/m${at}`))
  const made = (ran: Attacked) =>
    EVASIONS.filter((_, at) => ran.changed.some((line) => line.endsWith(` outside/m${at}`)))

  describeBinary(`a command line that hides what it does, as ${who}`, () => {
    test("T1 to T11: nothing runs under a rule that was made for something else, with the policy alone", async () => {
      using ran = await attacked({
        args: POLICY_ALONE,
        steps: ({ outside }) => lines(outside).map((line) => [bash(line)]),
      })
      expect(ran.results).toHaveLength(EVASIONS.length)
      expect(made(ran)).toEqual([])
      expect(ran.changed.filter((line) => line.includes("outside"))).toEqual([])
    }, 60_000)

    test("these lines do what they are after when nothing protects, so the above says something", async () => {
      using ran = await attacked({
        args: LAYERS.none,
        steps: ({ outside }) => lines(outside).map((line) => [bash(line)]),
      })
      expect(made(ran).length).toBeGreaterThan(EVASIONS.length * 0.85)
    }, 60_000)

    test("the sandbox alone lets none of them out", async () => {
      using ran = await attacked({
        args: LAYERS.sandbox,
        steps: ({ outside }) => lines(outside).map((line) => [bash(line)]),
      })
      expect(ran.changed.filter((line) => line.includes("outside"))).toEqual([])
    }, 60_000)

    test("what is allowed runs", async () => {
      using ran = await attacked({
        args: POLICY_ALONE,
        steps: () => [
          [
            bash("echo hello"),
            bash("git status --short"),
            bash("git diff HEAD~1"),
            bash("ls -la"),
            bash("echo a && ls"),
          ],
        ],
      })
      expect(ran.results.map((text) => text.includes("(exit 0)"))).toEqual([true, true, true, true, true])
    })

    test("T7: nothing that one command sets is there for the next", async () => {
      using ran = await attacked({
        args: LAYERS.both,
        steps: () => [
          [
            bash(
              "export PATH=.:$PATH EVIL=1; alias ls='touch evil'; typeset -x GIT_PAGER=x; cd /; ls() { touch evil; }; export -f ls",
            ),
          ],
          [bash("echo $EVIL-$PWD-$GIT_PAGER; type ls; echo $PATH")],
        ],
      })
      expect(ran.results[1]).toMatch(/^-.*project-cat\n/)
      expect(ran.results[1]).not.toContain("function")
      expect(ran.results[1]).not.toContain("\n.:")
    })
  })
}
