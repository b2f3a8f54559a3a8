import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { landlockVersion } from "../src/jail/kernel.ts"
import { CANARY, CASES, drive, own, write } from "./cases.ts"
import { isRunning, started } from "./running.ts"
import { type TestWorld, testWorld } from "./world.ts"

/** Numbers of x64: what reaches another process of the same user, and what the whole machine shares. */
const LESSER =
  process.arch !== "x64"
    ? []
    : [
        ...["302 PID 7 x 0", "203 PID 8 x", "144 PID 0 x", "142 PID x", "314 PID x 0", "141 0 PID 5", "141 2 0 5"],
        ...["251 1 PID 16384", "251 3 0 16384", "279 PID 0 0 0 0 0", "256 PID 0 0 0", "310 PID x 1 x 1 0"],
        ...["311 PID x 1 x 1 0", "312 PID PID 0 0 0", "101 16 PID 0 0", "274 PID x x", "438 3 0 0"],
        ...["29 77 4096 950", "30 0 0 0", "31 0 0 0", "64 77 1 950", "65 0 x 1", "66 0 0 0", "68 77 950", "69 0 x 1 0"],
        ...["70 0 x 1 0 2048", "71 0 0 0", "220 0 x 1 0", "240 q 66 384 0", "241 q"],
      ]
const isOld = (await landlockVersion()) < 3

for (const { uid, owner } of CASES) {
  describe.skipIf(isOld)(`without bubblewrap, a command run as uid ${uid} in a workspace of uid ${owner}`, () => {
    let world: TestWorld
    beforeEach(() => {
      world = testWorld()
      writeFileSync(join(world.outside, "file"), "untouched")
      write(join(world.home, ".ssh/key"), CANARY)
      write(join(world.base, "data/log"), CANARY)
      own(world.base, owner)
    })
    afterEach(() => world.cleanUp())

    const attack = (...commands: readonly string[]) =>
      drive({ base: world.base, sandbox: "workspace-write", commands, isWithoutBubblewrap: true }, uid)

    const attackLimits = async () => {
      const perl =
        `perl -e '$l = pack "QQQQ", 64, 64, 0, 0; for (@ARGV) { my @a = map { s/PID/$ENV{DRIVER_PID}/r } split / /; ` +
        `@a = map { /^-?[0-9]+$/ ? $_+0 : /^x$/ ? $l : $_ } @a; my $n = shift @a; my $r = syscall($n, @a); print "$n ", ($r == -1 ? "refused: $!" : "done"), "\\n" }'`
      const [output = ""] = await attack(`${perl} ${LESSER.map((line) => `'${line}'`).join(" ")} | tr -d '\\0'`)
      return output
    }

    test.skipIf(uid !== owner)("works where it may", async () => {
      const [output, next] = await attack(
        "mkdir d && echo a > d/f && mv d/f g && cat g; echo t > $TMPDIR/t; sleep 0; exit 3",
        "cat $TMPDIR/t",
      )
      expect(output).toBe("a\n")
      expect(next).toBe("t\n")
    })

    test("writes nothing outside", async () => {
      const out = world.outside
      await attack(
        `echo x > ${out}/new; echo x > ${out}/file; rm -f ${out}/file; ln -s ${out} l; echo x > l/n; ln ${out}/file h && echo x > h; mv ${out}/file .; truncate -s 0 ${out}/file; mkdir ${out}/d; echo x > /tmp/skein-probe-x`,
      )
      expect(readdirSync(out)).toEqual(["file"])
      expect(readFileSync(join(out, "file"), "utf8")).toBe("untouched")
      expect(existsSync("/tmp/skein-probe-x")).toBe(false)
    })

    test("reads no secret, no other process, and reaches no socket and no network", async () => {
      const [output = ""] = await attack(
        `cat ${world.home}/.ssh/key ${world.base}/data/log /proc/$DRIVER_PID/environ /proc/*/environ /etc/shadow; ls /proc /run; kill -9 $DRIVER_PID; kill -9 $PPID; ` +
          `perl -MSocket -e 'for (AF_UNIX, AF_INET, AF_INET6, 16, 17) { socket(S, $_, SOCK_STREAM, 0) and print "made $_\\n" }'; echo end`,
      )
      expect(output).not.toContain(CANARY)
      expect(output).not.toContain("made")
      expect(output).toEndWith("end\n")
    })

    test("does nothing to a process that is not its own, and reaches no queue or segment of the machine", async () => {
      const limits = await attackLimits()
      expect(limits).not.toContain("done")
      expect(limits.split("\n").filter((line) => line.endsWith("refused: Operation not permitted"))).toHaveLength(
        LESSER.length,
      )
    })

    test("may be nicer, look at its processors and set its own limits", async () => {
      const [output] = await attack("nice -n 1 true && (ulimit -n 50; ulimit -n) && nproc > /dev/null && echo ok")
      expect(output).toBe("50\nok\n")
    })

    test("changes nothing that is protected", async () => {
      mkdirSync(join(world.workspace, "src"))
      write(join(world.workspace, ".git/config"), "[core]\n")
      write(join(world.workspace, ".git/HEAD"), "ref: refs/heads/main\n")
      mkdirSync(join(world.workspace, ".git/hooks"))
      own(world.base, owner)
      const [output = ""] = await attack(
        "echo x >> .git/config; echo x > .git/hooks/pre-commit; mv .git g; rm -rf .git/hooks; echo x > .envrc; echo ok > src/new; cat src/new",
      )
      expect(readFileSync(join(world.workspace, ".git/config"), "utf8")).toBe("[core]\n")
      expect(readdirSync(join(world.workspace, ".git/hooks"))).toEqual([])
      expect(existsSync(join(world.workspace, ".envrc"))).toBe(false)
      if (uid === owner) expect(output).toEndWith("ok\n")
    })
  })
}

describe.skipIf(isOld)("without bubblewrap", () => {
  let world: TestWorld
  beforeEach(() => {
    world = testWorld({ bwrapPath: "/nowhere/bwrap" })
  })
  afterEach(() => world.cleanUp())
  const run = (command: string, timeoutMs = 20_000) =>
    world.exec.run({
      command,
      cwd: world.workspace,
      sandbox: "workspace-write",
      roots: [world.workspace],
      timeoutMs,
      signal: new AbortController().signal,
      bytesMax: 30_000,
    })

  test("the rung is named, with what it does not hold, why, and the cure", async () => {
    const given = await world.exec.confinement("workspace-write")

    expect(given).toMatchObject({ kind: "confined", by: "landlock+seccomp" })
    const weaker = given.kind === "confined" ? given.weaker : ""
    for (const word of ["bubblewrap is not installed", "apt-get install bubblewrap", "no network", "git cannot commit"])
      expect(weaker).toContain(word)
    expect((await run("true")).confinement).toBe("landlock+seccomp")
  })

  test("nothing of it is left when skein ends, in peace or killed", async () => {
    const mark = `36000000.${process.pid}`
    const task = { base: world.base, sandbox: "workspace-write", isWithoutBubblewrap: true }
    const start = (commands: readonly string[]) =>
      Bun.spawn([process.execPath, join(import.meta.dir, "driver.ts"), JSON.stringify({ ...task, commands })], {
        stdio: ["ignore", "ignore", "ignore"],
      })
    const before = hosts()
    await start(["true"]).exited
    const killed = start([`sleep ${mark} & (setsid sleep ${mark} &) ; sleep ${mark}`])
    await started(mark)
    killed.kill("SIGKILL")
    await killed.exited

    expect(await isRunning(mark)).toBe(false)
    for (let round = 0; round < 100 && hosts().some((pid) => !before.includes(pid)); round++) await Bun.sleep(20)
    expect(hosts().filter((pid) => !before.includes(pid))).toEqual([])
  })

  test("what a command leaves is ended, and so is what does not end in time", async () => {
    expect(await run("sleep 9999 & (setsid sleep 9999 &) ; echo done")).toMatchObject({
      output: "done\n",
      exitCode: 0,
      isGroupLeftBehind: true,
    })
    expect(await run("trap '' TERM; sleep 9999 & sleep 9999", 100)).toMatchObject({ isTimedOut: true })
  })
})

/** Processes of a host that is in no namespace, and of this very program. */
function hosts(): readonly string[] {
  return readdirSync("/proc").filter((pid) => {
    if (!/^\d+$/.test(pid)) return false
    try {
      return (
        readFileSync(`/proc/${pid}/cmdline`, "latin1").startsWith("/proc/self/fd/3") &&
        readlinkSync(`/proc/${pid}/exe`) === process.execPath
      )
    } catch (error) {
      if (["ENOENT", "ESRCH"].includes(String((error as NodeJS.ErrnoException).code))) return false
      throw error
    }
  })
}
