import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { join } from "node:path"
import { type TestWorld, testWorld, whyUnconfined } from "./world.ts"

const reason = await whyUnconfined()

describe.skipIf(reason !== undefined)("in a workspace that commands may write", () => {
  let world: TestWorld
  let config: string
  beforeEach(() => {
    world = testWorld()
    git("init", "-q", ".")
    git("commit", "-q", "--allow-empty", "-m", "first")
    config = readFileSync(inside(".git/config"), "utf8")
  })
  afterEach(() => world.cleanUp())

  const inside = (name: string) => join(world.workspace, name)
  const run = async (command: string, cwd = world.workspace) => {
    const { output } = await world.exec.run({
      command,
      cwd,
      sandbox: "workspace-write",
      roots: [cwd],
      timeoutMs: 20_000,
      signal: new AbortController().signal,
      bytesMax: 30_000,
    })
    return output
  }
  /** git as the person runs it, outside of all sandboxes. */
  function git(...args: readonly string[]): string {
    const identity = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "init.defaultBranch=main"]
    const { stdout, stderr, exitCode } = Bun.spawnSync(["git", ...identity, ...args], {
      cwd: world.workspace,
      env: { PATH: process.env.PATH, HOME: world.home },
    })
    if (exitCode !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`)
    return stdout.toString()
  }
  const COMMIT = "git -c user.name=a -c user.email=a@b commit -qm"

  test("git add, commit, branch, stash and merge work", async () => {
    const output = await run(
      `echo a > f && git add f && ${COMMIT} two && git switch -qc side && echo b >> f && ${COMMIT} three f && git switch -q - && ` +
        "git merge -q side && echo c >> f && git -c user.name=a -c user.email=a@b stash -q && git log --format=%s && git status --short",
    )

    expect(output).toBe("three\ntwo\nfirst\n")
    expect(git("log", "--format=%s")).toBe("three\ntwo\nfirst\n")
  })

  test("git's hooks and settings cannot be changed, replaced or moved away", async () => {
    await run(
      "echo x > .git/hooks/pre-commit; mkdir h; cp -r h .git/hooks/; rm -rf .git/hooks; mv .git/hooks .git/h; ln -sf /tmp .git/hooks",
    )
    await run(
      "git config core.fsmonitor ./evil; echo x >> .git/config; cp .git/config c; echo x >> c; mv -f c .git/config; rm -f .git/config; : > .git/config",
    )
    await run("mv .git .old; rm -rf .git; git init -q; rmdir .git")

    expect(readFileSync(inside(".git/config"), "utf8")).toBe(config)
    expect(readdirSync(inside(".git/hooks")).every((name) => name.endsWith(".sample"))).toBe(true)
    expect(existsSync(inside(".old"))).toBe(false)
  })

  test("settings that would lead git elsewhere are moved aside", async () => {
    const output = await run("mkdir /tmp/c; echo ../../evil > .git/commondir; echo '[core]' > .git/config.worktree")

    expect(output).toContain("commondir.blocked")
    expect(readdirSync(inside(".git"))).not.toContain("commondir")
    expect(readdirSync(inside(".git"))).not.toContain("config.worktree")
  })

  test("hooks kept in the workspace, and settings included from there, are closed too", async () => {
    mkdirSync(inside("tools/hooks"), { recursive: true })
    writeFileSync(inside("tools/shared.config"), "")
    git("config", "core.hooksPath", "tools/hooks")
    git("config", "include.path", "../tools/shared.config")
    await run(
      "echo x > tools/hooks/pre-commit; echo x > tools/shared.config; mv tools old; mkdir -p tools/hooks; echo x > tools/new",
    )

    expect(readdirSync(inside("tools/hooks"))).toEqual([])
    expect(readFileSync(inside("tools/shared.config"), "utf8")).toBe("")
    expect(existsSync(inside("tools/new"))).toBe(true)
  })

  test.each([
    ["on one line", "config", '[core] hooksPath = "tools/hooks" ; ours\n'],
    ["in a working tree's own settings", "config.worktree", "[core]\n\thooksPath = tools/hooks\n"],
    ["over two lines", "config", "[core]\n\thooksPath = tools/\\\nhooks\n"],
    ["beside a line that nobody knows", "config", "[core]\n\thooksPath = tools/hooks\n\t!\n"],
    ["in an included file", "config", "[include]\n\tpath = ../tools/shared\n"],
  ])("hooks are closed when they are named %s", async (_, file, text) => {
    mkdirSync(inside("tools/hooks"), { recursive: true })
    writeFileSync(inside("tools/shared"), "[core]\n\thooksPath = tools/hooks\n")
    writeFileSync(inside(`.git/${file}`), text)
    await run("echo x > tools/hooks/pre-commit; mv tools old; mkdir -p tools/hooks; echo x > tools/hooks/pre-push")

    expect(readdirSync(inside("tools/hooks"))).toEqual([])
  })

  test("hooks that a repository names by a relative path are closed in its linked working tree", async () => {
    const tree = join(world.base, "tree")
    git("worktree", "add", "-q", tree)
    git("config", "core.hooksPath", "hooks")
    mkdirSync(join(tree, "hooks"))
    await run("echo x > hooks/pre-commit; mv hooks h; mkdir hooks; echo x > hooks/pre-push", tree)

    expect(readdirSync(join(tree, "hooks"))).toEqual([])
  })

  test("a submodule's repository is closed like the main one", async () => {
    mkdirSync(inside(".git/modules/lib/hooks"), { recursive: true })
    writeFileSync(inside(".git/modules/lib/HEAD"), "ref: refs/heads/main\n")
    writeFileSync(inside(".git/modules/lib/config"), "[core]\n")
    await run(
      "cd .git/modules; echo x > lib/config; echo x > lib/hooks/post-checkout; mv lib lib2; cd ..; mv modules m2; echo ok > modules/lib/index",
    )

    expect(readFileSync(inside(".git/modules/lib/config"), "utf8")).toBe("[core]\n")
    expect(readdirSync(inside(".git/modules/lib/hooks"))).toEqual([])
    expect(existsSync(inside(".git/modules/lib/index"))).toBe(true)
  })

  test("a linked working tree commits into its repository, whose hooks and settings stay closed", async () => {
    const tree = join(world.base, "tree")
    git("worktree", "add", "-q", tree)
    const output = await run(
      `echo a > f && git add f && ${COMMIT} linked; git log --format=%s; echo x > ${inside(".git/hooks/post-commit")}; echo x >> ${inside(".git/config")}; echo gitdir: /tmp > .git; echo x > ${inside("f")}`,
      tree,
    )

    expect(output).toStartWith("linked\nfirst\n")
    expect(readFileSync(inside(".git/config"), "utf8")).toBe(config)
    expect(existsSync(inside(".git/hooks/post-commit"))).toBe(false)
    expect(readFileSync(join(tree, ".git"), "utf8")).toContain("worktrees/tree")
    expect(existsSync(inside("f"))).toBe(false)
  })

  test("a submodule that is the workspace commits into its repository, whose hooks and settings stay closed", async () => {
    const source = join(world.base, "source")
    mkdirSync(source)
    git("init", "-q", source)
    git("-C", source, "commit", "-q", "--allow-empty", "-m", "of lib")
    git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", source, "lib")
    const repository = inside(".git/modules/lib")
    const settings = readFileSync(join(repository, "config"), "utf8")
    const output = await run(
      `echo a > f && git add f && ${COMMIT} two; git log --format=%s; echo x > ${repository}/hooks/post-commit; echo x >> ${repository}/config; echo x > ${inside(".git/new")}; echo gitdir: /tmp > .git`,
      inside("lib"),
    )

    expect(output).toStartWith("two\nof lib\n")
    expect(readFileSync(join(repository, "config"), "utf8")).toBe(settings)
    expect(existsSync(join(repository, "hooks/post-commit"))).toBe(false)
    expect(existsSync(inside(".git/new"))).toBe(false)
    expect(readFileSync(inside("lib/.git"), "utf8")).toContain("modules/lib")
  })

  test("a .git file that names a submodule of another working tree opens nothing", async () => {
    const claimed = join(world.outside, "modules/x")
    mkdirSync(join(claimed, "objects"), { recursive: true })
    writeFileSync(join(claimed, "config"), "[core]\n\tworktree = ../../elsewhere\n")
    const tree = join(world.base, "tree")
    mkdirSync(tree)
    mkdirSync(join(world.outside, "elsewhere"))
    writeFileSync(join(tree, ".git"), `gitdir: ${claimed}\n`)
    await run(`echo x > ${claimed}/new`, tree)

    expect(existsSync(join(claimed, "new"))).toBe(false)
  })

  test("a .git file that names a folder which does not name it back opens nothing", async () => {
    const claimed = join(world.outside, "repo/.git/worktrees/x")
    mkdirSync(claimed, { recursive: true })
    mkdirSync(join(world.outside, "repo/.git/objects"))
    writeFileSync(join(claimed, "gitdir"), `${world.outside}/elsewhere/.git\n`)
    writeFileSync(join(claimed, "commondir"), "../..\n")
    const tree = join(world.base, "tree")
    mkdirSync(tree)
    writeFileSync(join(tree, ".git"), `gitdir: ${claimed}\n`)
    await run(`echo x > ${claimed}/new; echo x > ${world.outside}/repo/.git/new`, tree)

    expect(existsSync(join(claimed, "new"))).toBe(false)
    expect(existsSync(join(world.outside, "repo/.git/new"))).toBe(false)
  })

  test("a folder that names a .git file back opens no repository but the one it lies in", async () => {
    const victim = join(world.outside, "repo/.git")
    mkdirSync(join(victim, "objects"), { recursive: true })
    const tree = join(world.base, "tree")
    mkdirSync(join(tree, "fake"), { recursive: true })
    writeFileSync(join(tree, ".git"), "gitdir: fake\n")
    writeFileSync(join(tree, "fake/gitdir"), `${tree}/.git\n`)
    writeFileSync(join(tree, "fake/commondir"), `${victim}\n`)
    await run(`echo x > ${victim}/new; echo x > ${victim}/objects/new`, tree)

    expect(readdirSync(victim)).toEqual(["objects"])
    expect(readdirSync(join(victim, "objects"))).toEqual([])
  })

  test("files that run later stay as they are, and new ones are moved aside and told", async () => {
    mkdirSync(inside(".vscode"))
    writeFileSync(inside(".vscode/tasks.json"), "{}")
    writeFileSync(inside(".mcp.json"), "{}")
    const output = await run(
      "echo x > .vscode/tasks.json; mv .vscode v; rm -rf .vscode; echo x > .mcp.json; echo run > .envrc; mkdir .IDEA; echo x > .IDEA/w.xml; echo x > p.code-workspace; ln -s /tmp .claude; echo fine > .editorconfig",
    )

    expect(readFileSync(inside(".vscode/tasks.json"), "utf8")).toBe("{}")
    expect(readFileSync(inside(".mcp.json"), "utf8")).toBe("{}")
    const names = readdirSync(world.workspace).toSorted()
    expect(names).toEqual([
      ".IDEA.blocked",
      ".claude.blocked",
      ".editorconfig",
      ".envrc.blocked",
      ".git",
      ".mcp.json",
      ".vscode",
      "p.code-workspace.blocked",
    ])
    expect(readFileSync(inside(".envrc.blocked"), "utf8")).toBe("run\n")
    expect(output).toContain(`[${inside(".envrc")} can make other programs run commands`)
  })

  test("a link under a protected name is put back, and what it leads to is closed", async () => {
    mkdirSync(inside("shared/editor"), { recursive: true })
    symlinkSync("shared/editor", inside(".vscode"))
    await run("echo x > shared/editor/tasks.json; rm .vscode; mkdir .vscode; echo x > .vscode/tasks.json")

    expect(readlinkSync(inside(".vscode"))).toBe("shared/editor")
    expect(readdirSync(inside("shared/editor"))).toEqual([])
    await run("rm .vscode")
    expect(lstatSync(inside(".vscode")).isSymbolicLink()).toBe(true)
  })

  test("a new repository may be made, one with hooks or odd settings may not", async () => {
    const plain = join(world.base, "plain")
    mkdirSync(plain)
    expect(
      await run(
        "git init -q . && git -c user.name=a -c user.email=a@b commit -q --allow-empty -m x && git log --format=%s",
        plain,
      ),
    ).toBe("x\n")
    expect(readdirSync(plain)).toEqual([".git"])

    for (const [name, trick] of [
      ["hook", "echo x > .git/hooks/pre-commit"],
      ["config", "git config core.fsmonitor ./x"],
      ["dir", "echo .. > .git/commondir"],
      ["url", "git config remote.origin.uploadpack ./x"],
    ] as const) {
      const folder = join(world.base, name)
      mkdirSync(folder)
      expect(await run(`git init -q . && ${trick}`, folder)).toContain(".git.blocked")
      expect(readdirSync(folder)).toEqual([".git.blocked"])
    }
  })

  test("a repository that git would look into from above is not made: as a submodule, or laid out in the workspace", async () => {
    const make = `git init -q sub && cd sub && echo 1 > f && git add f && ${COMMIT} 1 && cd ..`
    const evil = "printf '[core]\\n\\tfsmonitor = touch ran;\\n' >> sub/.git/config"
    expect(await run(`${make} && ${evil} && git add sub`)).toContain("sub/.git can make")
    git("status")
    expect([existsSync(inside("ran")), existsSync(inside("sub/ran"))]).toEqual([false, false])

    const bare = join(world.base, "bare")
    mkdirSync(bare)
    expect(await run("mkdir objects refs; echo 'ref: refs/heads/x' > HEAD; echo '[core]' > config", bare)).toContain(
      "bare/HEAD can make",
    )
    expect(existsSync(join(bare, "HEAD"))).toBe(false)
  })

  test("a plain submodule stays, and from then on its hooks and settings are closed", async () => {
    const make = `git init -q a/sub && cd a/sub && echo 1 > f && git add f && ${COMMIT} 1 && cd ../..`
    expect(await run(`${make} && git add a/sub && git ls-files -s`)).not.toContain("blocked")
    const before = readFileSync(inside("a/sub/.git/config"), "utf8")
    await run(
      "echo x >> a/sub/.git/config; echo x > a/sub/.git/hooks/pre-commit; mv a/sub/.git/config a/x; touch a/f; mv a/f f",
    )
    expect(readFileSync(inside("a/sub/.git/config"), "utf8")).toBe(before)
    expect(existsSync(inside("a/sub/.git/hooks/pre-commit"))).toBe(false)
    expect(await run(`cd a/sub && echo 2 > f && ${COMMIT.replace("qm", "qam")} 2 && git log --format=%s`)).toBe(
      "2\n1\n",
    )
    await run(
      "rm a/sub/f; git rm -q --cached a/sub; git update-index --add --cacheinfo 160000,$(git rev-parse HEAD),new",
    )
    expect(await run("mkdir new; echo 'gitdir: ../elsewhere' > new/.git")).toContain("new/.git can make")
  })

  test("a workspace that is the home folder keeps its start-up files and keys closed", async () => {
    writeFileSync(join(world.home, ".bashrc"), "plain")
    mkdirSync(join(world.home, ".config/app"), { recursive: true })
    mkdirSync(join(world.home, ".ssh"))
    writeFileSync(join(world.home, ".ssh/key"), "secret")
    const output = await run(
      "echo x >> .bashrc; echo x > .profile; echo x > .config/app/f; cat .ssh/key; echo x > .ssh/authorized_keys; mkdir -p .gnupg; echo ok > notes",
      world.home,
    )

    expect(output).not.toContain("secret")
    expect(readFileSync(join(world.home, ".bashrc"), "utf8")).toBe("plain")
    expect(readdirSync(world.home).toSorted()).toEqual([
      ".bashrc",
      ".config",
      ".gnupg.blocked",
      ".profile.blocked",
      ".ssh",
      "notes",
    ])
    expect(readdirSync(join(world.home, ".ssh"))).toEqual(["key"])
    expect(readdirSync(join(world.home, ".config/app"))).toEqual([])
  })

  test("so does a home folder somewhere in the workspace, which cannot be moved away", async () => {
    writeFileSync(join(world.home, ".bashrc"), "plain")
    const output = await run(
      "echo x >> home/.bashrc; echo x > home/.zshenv; mkdir home/.ssh; mv home old; echo ok > home/notes; echo ok > outside/o",
      world.base,
    )

    expect(readFileSync(join(world.home, ".bashrc"), "utf8")).toBe("plain")
    expect(readdirSync(world.home).toSorted()).toEqual([".bashrc", ".ssh.blocked", ".zshenv.blocked", "notes"])
    expect(readdirSync(world.base).toSorted()).toEqual(["home", "outside", "workspace"])
    expect(output).toContain(".zshenv.blocked")
  })
})
