import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test"
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, statSync } from "node:fs"
import { join } from "node:path"
import { whyUnconfined } from "../world.ts"
import { CASES, picture, type Scene, scene, whyNoLayers } from "./scene.ts"

// A guard against hanging, not a measure.
setDefaultTimeout(60_000)

const reason = (await whyUnconfined()) ?? (await whyNoLayers())

for (const as of CASES) {
  describe.skipIf(reason !== undefined)(`a layer of uid ${as.uid} over a workspace of uid ${as.owner}`, () => {
    let world: Scene
    beforeEach(() => {
      world = scene(as)
    })
    afterEach(() => world.cleanUp())
    const now = () => picture(world.workspace)
    const untouched = () => picture(world.workspace, "inodes")
    const nothingIsLeft = () => expect(readdirSync(join(world.base, "data/layers"))).toEqual([])

    test("holds what a command does until it is kept; the real folder is not touched before", async () => {
      world.given("echo one > a; mkdir -p d/e; echo x > d/e/x; echo y > d/y")
      const before = untouched()
      const script = "echo two >> a; rm -rf d; mkdir n; echo new > n/f; cat a; ls"
      const [output, changes] = await world.layer({ run: script }, "changes", "discard")

      expect([output, changes]).toEqual(["one\ntwo\na\nn\n", "update a\ndelete d/e/x\ndelete d/y\nadd n/f"])
      expect(untouched()).toEqual(before)
      nothingIsLeft()
      expect(await world.layer({ run: script }, "keep")).toEqual([output ?? "", "keep"])
      expect(now()).toEqual(['a 644 "one\\ntwo\\n"', "n/ 755", 'n/f 644 "new\\n"'])
      nothingIsLeft()
    })

    test("lets commands see what the ones before them did, and nobody else", async () => {
      world.given("echo one > a; mkdir d; echo x > d/x")
      const [, second, real] = await world.layer(
        { run: "sed -i s/one/two/ a; mv d e" },
        { run: "cat a e/x; ls; echo t > /tmp/t" },
        { outside: "cat a; ls" },
      )

      expect([second, real]).toEqual(["two\nx\na\ne\n", "one\na\nd\n"])
    })

    test("keeps permissions, links, hard links, folders that replace files, and files that replace folders", async () => {
      world.given("echo s > script; mkdir dir; echo i > dir/inner; echo f > file; ln -s file link; mkdir open")
      const script =
        "chmod 755 script; rm -r dir; echo now > dir; rm file; mkdir file; echo in > file/f; ln -sfn script link; " +
        "echo h > h1; ln h1 h2; chmod 700 open; mkdir -p sub/closed; echo c > sub/closed/c; chmod 555 sub/closed; mkdir empty; " +
        "touch -d 2001-02-03T04:05:06Z h1; printf 'a\\0b' > 'odd, name:\\ here'"
      const [, , kept] = await world.layer({ run: script }, "changes", "keep")

      expect(kept).toBe("keep")
      expect(now()).toEqual([
        'dir 644 "now\\n"',
        "empty/ 755",
        "file/ 755",
        'file/f 644 "in\\n"',
        'h1 644 "h\\n"',
        'h2 644 "h\\n"',
        "link -> script",
        expect.stringMatching(/^odd, name:\\ here 644 /),
        "open/ 700",
        'script 755 "s\\n"',
        "sub/ 755",
        "sub/closed/ 555",
        'sub/closed/c 644 "c\\n"',
      ])
      expect(statSync(join(world.workspace, "h1")).ino).toBe(statSync(join(world.workspace, "h2")).ino)
      expect(statSync(join(world.workspace, "h1")).mtime.toISOString()).toBe("2001-02-03T04:05:06.000Z")
      expect(statSync(join(world.workspace, "sub/closed/c")).uid).toBe(
        as.owner === as.uid ? as.owner : statSync(join(world.workspace, "sub/closed/c")).uid,
      )
    })

    test("tells a changed permission, a made folder and a link as such", async () => {
      world.given("echo s > script; chmod 644 script; mkdir d; touch d/t")
      const [, changes] = await world.layer(
        { run: "chmod +x script; mkdir made; ln -s /etc e; touch d/t script" },
        "changes",
      )

      expect(changes).toBe("add e\nadd made\nupdate script")
    })

    test("takes a folder that was removed and made again for what it is", async () => {
      world.given("mkdir -p d/sub; echo 1 > d/one; echo 2 > d/two; echo 3 > d/sub/three")
      const [, changes, kept] = await world.layer(
        { run: "rm -r d; mkdir -p d/sub; echo new > d/two" },
        "changes",
        "keep",
      )

      expect([changes, kept]).toEqual(["delete d/sub/three\nupdate d/two\ndelete d/one", "keep"])
      expect(now()).toEqual(["d/ 755", "d/sub/ 755", 'd/two 644 "new\\n"'])
    })

    test("follows no link out of the folder, whoever made it", async () => {
      world.given("mkdir sub; echo s > sub/s; ln -s ../../outside lower")
      const script =
        `ln -s ${world.base}/outside x; echo evil > x/passwd; echo evil > lower/passwd; rm -r sub; ln -s ${world.base}/outside sub; echo evil > sub/s; ` +
        "rm lower; mkdir lower; echo mine > lower/file"
      const [, , kept] = await world.layer({ run: script }, "changes", "keep")

      expect(kept).toBe("keep")
      expect(readdirSync(join(world.base, "outside"))).toEqual([])
      expect(readlinkSync(join(world.workspace, "sub"))).toBe(join(world.base, "outside"))
      expect(now()).toContain('lower/file 644 "mine\\n"')
    })

    test("refuses to be kept when a folder became a link out meanwhile, and does nothing", async () => {
      world.given("mkdir sub; echo s > sub/s; echo a > a; mkdir -p other; echo s > ../outside/s")
      const [, , , kept] = await world.layer(
        { run: "echo new > sub/s; echo new > a; echo new > sub/n" },
        "changes",
        { outside: "rm -r sub; ln -s ../outside sub" },
        "keep",
      )

      expect(kept).toStartWith("checkpoint.conflict: ")
      expect(readFileSync(join(world.base, "outside/s"), "utf8")).toBe("s\n")
      expect(now()).toEqual(
        ['a 644 "a\\n"', "other/", "sub -> ../outside"].map((line) => (line === "other/" ? "other/ 755" : line)),
      )
    })

    for (const [what, meanwhile] of [
      ["wrote a file that it changes", "echo theirs > a"],
      ["wrote the same bytes and set the time back", "cp -p a keep; echo one > a; touch -r keep a; rm keep"],
      ["changed a file's permissions", "chmod 600 a"],
      ["wrote in a folder that it removes", "echo theirs > d/deep/new"],
      ["changed a file in a folder that it removes", "echo theirs > d/deep/x"],
      ["made a file that it makes", "echo theirs > n"],
      ["made a file in a folder that it makes", "mkdir -p made; echo theirs > made/m"],
      ["removed a file that it changes", "rm a"],
    ] as const) {
      test(`is not kept when somebody ${what}: then nothing changes`, async () => {
        world.given("echo one > a; mkdir -p d/deep; echo x > d/deep/x; echo z > z")
        const work = { run: "echo two > a; rm -r d; echo n > n; mkdir made; echo m > made/m; rm z" }
        const late = await world.layer(work, "changes", { outside: meanwhile }, "keep")
        const after = untouched()

        expect(late[3]).toStartWith("checkpoint.conflict: Nothing was kept: something else changed ")
        expect(untouched()).toEqual(after)
        expect(now()).toContain('z 644 "z\\n"')
        nothingIsLeft()
      })
    }

    test("is not kept when somebody changed a file after it was opened and before it got there", async () => {
      world.given("echo one > a; echo b > b; echo gone > g")
      const [, , kept] = await world.layer(
        { outside: "echo theirs > a; rm g" },
        { run: "echo two >> a; echo b2 > b" },
        "keep",
      )

      expect(kept).toStartWith("checkpoint.conflict: ")
      expect(now()).toEqual(['a 644 "theirs\\n"', 'b 644 "b\\n"'])
    })

    test("never keeps what something else would run: settings of editors and agents, hooks, settings of git", async () => {
      world.given("git init -q .; mkdir nested; git init -q nested; echo a > a")
      const hook = "printf '#!/bin/sh\\ntouch pwned\\n'"
      const script =
        `mkdir .vscode; echo '{}' > .vscode/tasks.json; echo x > .envrc; ${hook} > nested/.git/hooks/post-commit; ` +
        `git config -f nested/.git/config core.fsmonitor ./evil; mkdir deep; git init -q deep/own; ${hook} > deep/own/.git/hooks/pre-commit; ` +
        `git init -q fine; ln -s .. .mcp.json; mkfifo pipe; ${hook} > .git/hooks/pre-commit; git config core.fsmonitor ./evil; echo good > good`
      const before = readFileSync(join(world.workspace, ".git/config"), "utf8")
      const [, notes, changes, kept] = await world.layer({ run: script }, "notes", "changes", "keep")

      expect(kept).toBe("keep")
      for (const name of [
        ".vscode",
        ".envrc",
        ".mcp.json",
        "nested/.git/config",
        "nested/.git/hooks",
        "deep/own/.git",
        "pipe",
      ]) {
        expect(notes).toContain(`${name} will not be kept: `)
        expect(changes?.split("\n").filter((line) => line.endsWith(` ${name}`) || line.includes(` ${name}/`))).toEqual(
          [],
        )
      }
      expect(existsSync(join(world.workspace, "good"))).toBe(true)
      expect(existsSync(join(world.workspace, "fine/.git/config"))).toBe(true)
      for (const name of [".vscode", ".envrc", ".mcp.json", "pipe", "deep/own/.git", "nested/.git/hooks/post-commit"])
        expect([name, lstatSync(join(world.workspace, name), { throwIfNoEntry: false })]).toEqual([name, undefined])
      expect(readFileSync(join(world.workspace, ".git/config"), "utf8")).toBe(before)
      expect(readFileSync(join(world.workspace, "nested/.git/config"), "utf8")).not.toContain("fsmonitor")
    })

    test("holds git's own destruction, and lets git work", async () => {
      world.given(
        "git init -q .; git config user.email a@b.c; git config user.name n; echo 1 > f; git add f; git commit -qm one; echo 2 > f; git commit -qam two; echo dirty > f; echo u > untracked",
      )
      const before = untouched()
      const git = "g() { git -c safe.directory='*' \"$@\"; }"
      const [output, changes] = await world.layer(
        { run: `${git}; g reset -q --hard HEAD~1 && g clean -fdxq && cat f; ls` },
        "changes",
        "discard",
      )

      expect(output).toBe("1\nf\n")
      expect(changes).toContain("update f")
      expect(changes).toContain("delete untracked")
      expect(untouched()).toEqual(before)
      const [done, kept] = await world.layer({ run: `${git}; g commit -qam three && g log --oneline | wc -l` }, "keep")
      expect([done?.trim(), kept]).toEqual(["3", "keep"])
      world.given('test -z "$(git status --porcelain -uno)"; git fsck --strict')
    })

    test("has no network, no devices, and nothing of what it leaves in /tmp", async () => {
      const name = `layer-${crypto.randomUUID()}`
      const [output] = await world.layer({
        run: `mknod d b 7 0 2>/dev/null; ls d 2>/dev/null; grep -c : /proc/net/dev; echo > /tmp/${name}; ls ${world.base}/data`,
      })

      expect(output).toMatch(/^1\n(ls: .*\n)?$/)
      expect(existsSync(`/tmp/${name}`)).toBe(false)
    })

    test("holds a command even where the person let commands run without a sandbox", async () => {
      const [output, changes] = await world.layer(
        { run: `echo x > ${world.base}/outside/x; echo in > in; ls`, sandbox: "full-access" },
        "changes",
      )

      expect(output).toContain("Read-only file system")
      expect(changes).toBe("add in")
      expect(readdirSync(join(world.base, "outside"))).toEqual([])
    })

    test("lists thousands of files within bounds, and keeps them all", async () => {
      world.given(
        "mkdir old; for i in 1 2 3 4 5; do mkdir old/$i; for j in 1 2 3 4 5 6 7 8 9; do echo $j > old/$i/$j; done; done",
      )
      const script =
        "rm -r old; mkdir node_modules; cd node_modules; for p in $(seq 20); do mkdir -p pkg$p/lib; for f in $(seq 60); do echo $p$f > pkg$p/lib/f$f.js; done; done; ln -s ../pkg1/lib/f1.js pkg2/bin"
      const [, changes, notes, kept] = await world.layer({ run: script }, "changes", "notes", "keep")

      expect(changes?.split("\n").length).toBe(1_000)
      expect(notes).toContain("more changed in ")
      expect(kept).toBe("keep")
      expect(now().length).toBe(1 + 20 * 2 + 20 * 60 + 1)
    }, 60_000)
  })
}
