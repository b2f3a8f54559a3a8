import { expect, test } from "bun:test"
import { chmodSync, mkdirSync, writeFileSync } from "node:fs"
import { describeBinary } from "./ground/binary.ts"
import { repository } from "./ground/repository.ts"
import { type Talking, talking } from "./ground/talking.ts"

const HANG_MS = 60_000
const lastAsked = ({ server }: Talking) => server.requests.at(-1)?.text ?? ""
const message = (subject: string, body = "") => ({ text: JSON.stringify({ subject, body }) })

/** A `gh` that says what it was called with. */
function fakeGh(talk: Talking): Readonly<Record<string, string>> {
  const folder = `${talk.scene.root}/bin`
  mkdirSync(folder)
  writeFileSync(
    `${folder}/gh`,
    '#!/bin/sh\nprintf "%s|" "$@" >> "$HOME/gh.log"\ncat >> "$HOME/gh.log"\necho https://forge.test/pull/7\n',
  )
  chmodSync(`${folder}/gh`, 0o755)
  return { PATH: `${folder}:/usr/bin:/bin` }
}

describeBinary("a commit", () => {
  test(
    "has a message that a model wrote of the diff, is shown first, and names the co-author that the person set",
    async () => {
      using talk = talking(message("Halve it", "Two was too much."))
      const { scene } = talk
      const { git, put } = repository(scene, ["a.ts", "1\n"])
      put("a.ts", "1\n2\n")
      put("b.ts", "3\n")
      git("add", "b.ts")
      const dry = await scene.run(["commit", "--dry-run", "-c", "git.coauthor=true"])
      expect([dry.code, dry.out]).toEqual([
        0,
        "  Halve it\n\n  Two was too much.\n\n  Co-authored-by: skein <skein@localhost>\n\n   b.ts | 1 +\n   1 file changed, 1 insertion(+)\n",
      ])
      expect([lastAsked(talk).includes("+3"), lastAsked(talk).includes("+2")]).toEqual([true, false])
      expect(git("log", "--format=%s")).toBe("add a.ts\n")
      expect((await scene.run(["commit", "--yes", "-c", 'git.coauthor="Ada <ada@example.org>"'])).code).toBe(0)
      expect(git("log", "-1", "--format=%B")).toBe(
        "Halve it\n\nTwo was too much.\n\nCo-authored-by: Ada <ada@example.org>\n\n",
      )
      const named = await scene.run(["commit", "--all", "--yes", "Take two"])
      expect([named.code, git("log", "-1", "--format=%s"), talk.server.requests.length]).toEqual([0, "Take two\n", 2])
      expect((await scene.run(["session", "list", "--all"])).out).not.toContain("Halve")
    },
    HANG_MS,
  )

  test(
    "is not made of nothing, without a yes, or over a hook's no",
    async () => {
      using talk = talking(message("Halve it"))
      const { scene } = talk
      const { git, put } = repository(scene, ["a.ts", "1\n"])
      expect((await scene.run(["commit"])).err).toContain("Nothing has changed")
      put("a.ts", "2\n")
      const unstaged = await scene.run(["commit"])
      expect([unstaged.code, unstaged.err]).toEqual([2, expect.stringContaining("Nothing is staged. git add")])
      expect((await scene.run(["commit", "--all"])).err).toContain("Nobody can be asked here: say --yes")
      writeFileSync(scene.path(".git/hooks/pre-commit"), "#!/bin/sh\necho no such thing\nexit 1\n")
      chmodSync(scene.path(".git/hooks/pre-commit"), 0o755)
      const hooked = await scene.run(["commit", "--all", "--yes"])
      expect([hooked.code, hooked.err]).toEqual([1, expect.stringContaining("no such thing")])
      expect((await scene.run(["commit", "--all", "--yes", "--no-verify"])).code).toBe(0)
      expect(git("log", "-1", "--format=%s")).toBe("Halve it\n")
    },
    HANG_MS,
  )
})

describeBinary("a pull request", () => {
  test(
    "is made of a branch that is pushed first, in words that were shown, and changed the same way",
    async () => {
      using talk = talking(message("Halve all", "Because **two** is much."))
      const { scene } = talk
      const { git, put } = repository(scene, ["a.ts", "1\n"])
      git("init", "--quiet", "--bare", `${scene.root}/remote.git`)
      git("remote", "add", "origin", `${scene.root}/remote.git`)
      git("push", "--quiet", "origin", "main")
      git("switch", "--quiet", "-c", "halves")
      put("a.ts", "2\n")
      git("commit", "--quiet", "-a", "-m", "halve it")
      const env = fakeGh(talk)
      const dry = await scene.run(["pr", "create", "--dry-run"], { env })
      expect([dry.code, dry.out]).toEqual([
        0,
        `push    halves to ${scene.root}/remote.git\ncreate  a pull request into main by gh\n  Halve all\n\n  Because **two** is much.\n`,
      ])
      expect(lastAsked(talk)).toContain("halve it")
      expect((await scene.run(["pr", "create"], { env })).err).toContain("Nobody can be asked here")
      expect(git("ls-remote", "origin")).not.toContain("halves")
      const made = await scene.run(["pr", "create", "--draft", "--yes"], { env })
      expect([made.code, made.out]).toEqual([0, expect.stringContaining("https://forge.test/pull/7")])
      expect(git("ls-remote", "origin")).toContain("refs/heads/halves")
      await scene.run(["pr", "update", "--yes", "--title", "T", "--body", "B"], { env })
      expect(await Bun.file(`${scene.home}/gh.log`).text()).toBe(
        "pr|create|--head|halves|--base|main|--title|Halve all|--body-file|-|--draft|Because **two** is much.pr|edit|halves|--title|T|--body-file|-|B",
      )
    },
    HANG_MS,
  )

  test(
    "needs a program that reaches it, a branch of its own and commits, and says which is missing",
    async () => {
      using talk = talking(message("x"))
      const { scene } = talk
      const { git } = repository(scene, ["a.ts", "1\n"])
      const said = async (env: Readonly<Record<string, string>> = {}) => {
        const { code, err } = await scene.run(["pr", "create"], { env })
        return [code, err]
      }
      expect(await said()).toEqual([2, expect.stringContaining("no remote called origin")])
      git("remote", "add", "origin", "https://me:secret@forge.test/a.git")
      expect(await said()).toEqual([69, expect.stringContaining("neither is installed")])
      const env = fakeGh(talk)
      expect(await said(env)).toEqual([2, expect.stringContaining("You are on main itself")])
      git("switch", "--quiet", "-c", "work")
      expect(await said(env)).toEqual([2, expect.stringContaining("work has no commit that main has not")])
      expect(talk.server.requests).toHaveLength(0)
    },
    HANG_MS,
  )
})

describeBinary("what is wanted of git in words", () => {
  test(
    "is shown as commands with what each does, the grave ones marked, and then run one by one, with a way back",
    async () => {
      const steps = [
        { args: ["reset", "--hard", "HEAD~1"], does: "Takes back the newest commit." },
        { args: ["tag", "here it is"], does: "Cannot be done." },
        { args: ["status"], does: "Shows the state." },
      ]
      using talk = talking({ text: JSON.stringify({ steps, note: "" }) })
      const { scene } = talk
      const { git } = repository(scene, ["a.ts", "1\n"], ["b.ts", "2\n"])
      const head = git("rev-parse", "HEAD").trim()
      const dry = await scene.run(["git", "--dry-run", "undo", "my last commit"])
      expect([dry.code, dry.out]).toEqual([
        0,
        expect.stringContaining("  git reset --hard HEAD~1\n      Takes back the newest commit.\n    ! "),
      ])
      expect(dry.out).toContain("  git tag 'here it is'\n      Cannot be done.\n")
      expect(lastAsked(talk)).toContain("undo my last commit")
      expect(git("rev-parse", "HEAD").trim()).toBe(head)
      const done = await scene.run(["git", "--yes", "undo my last commit"])
      expect([done.code, done.err]).toEqual([1, expect.stringContaining("so the 1 after it did not run")])
      expect(git("log", "--format=%s")).toBe("add a.ts\n")
      const ref = /git reset --soft (\S+)/.exec(done.err)?.[1] ?? ""
      expect(git("rev-parse", ref).trim()).toBe(head)
    },
    HANG_MS,
  )

  test(
    "is never a command that runs others, and where there is none the model says why",
    async () => {
      const bad = { steps: [{ args: ["rebase", "--exec", "sh evil"], does: "x" }], note: "" }
      const none = { steps: [], note: "Which three?" }
      using talk = talking({ text: JSON.stringify(bad) }, { text: JSON.stringify(none) })
      const { scene } = talk
      repository(scene, ["a.ts", "1\n"])
      const { code, out } = await scene.run(["git", "--yes", "drop three"])
      expect([code, out]).toEqual([1, "Which three?\n"])
      expect(lastAsked(talk)).toContain("--exec is not taken here")
    },
    HANG_MS,
  )
})
