import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { CANARY, CASES, drive, own, write } from "./cases.ts"
import { datagrams } from "./datagrams.ts"
import type { DriverTask } from "./driver.ts"
import { isRunning } from "./running.ts"
import { type TestWorld, testWorld, whyUnconfined } from "./world.ts"

const reason = (await whyUnconfined()) ?? (process.arch === "x64" ? undefined : "the numbers of system calls are x64's")

/** One line for each call: its number and arguments, and how it failed. */
const calls = (...lines: readonly string[]) =>
  `perl -e 'for (@ARGV) { my @a = map { /^0x/ ? hex : /^[0-9]+$/ ? $_+0 : $_ } split / /; my $n = shift @a; ` +
  `my $r = syscall($n, @a); print "$n ", ($r == -1 ? "refused: $!" : "done: $r"), "\\n" }' ${lines.map((line) => `'${line}'`).join(" ")}`

for (const { uid, owner } of CASES) {
  describe.skipIf(reason !== undefined)(`a hostile program run as uid ${uid} in a workspace of uid ${owner}`, () => {
    let world: TestWorld
    beforeEach(() => {
      world = testWorld()
      own(world.base, owner)
    })
    afterEach(() => world.cleanUp())

    const attack = (commands: readonly string[], changes: Partial<DriverTask> = {}) =>
      drive({ base: world.base, sandbox: "workspace-write", commands, ...changes }, uid)
    const inside = (name: string) => join(world.workspace, name)

    test("asks the kernel in vain for namespaces, mounts, keys, other processes' memory and new kernel code", async () => {
      const refused = {
        unshare: "272 0x10000000",
        clone: "56 0x10000011 0 0 0 0",
        setns: "308 0 0",
        mount: "165 none /tmp tmpfs 0 0",
        umount: "166 /proc 2",
        pivot: "155 / /",
        openTree: "428 0 / 1",
        moveMount: "429 0 x 0 x 0",
        fsopen: "430 tmpfs 0",
        setattr: "442 0 / 0 x 32",
        ptrace: "101 16 1 0 0",
        readMemory: "310 1 0 0 0 0 0",
        writeMemory: "311 1 0 0 0 0 0",
        bpf: "321 0 x 8",
        perf: "298 x 0 0 0 0",
        ring: "425 8 x",
        keys: "250 0 0",
        addKey: "248 user x x 1 0",
        faults: "323 1",
        module: "313 0 x 0",
        kexec: "246 0 0 0 0",
        handle: "304 0 x 0",
        personality: "135 0x0040000",
        x32: `${0x4000_0000 + 101} 16 1 0 0`,
      }
      const [output = ""] = await attack([calls(...Object.values(refused), "435 x 88")])

      expect(output).not.toContain("done")
      const lines = output.trim().split("\n")
      for (const [index, name] of Object.keys(refused).entries()) {
        expect(`${name} ${lines[index]}`).toMatch(
          name === "x32" ? /refused: Function not impl/ : /refused: Operation not perm/,
        )
      }
      expect(lines.at(-1)).toContain("435 refused: Function not implemented")
    })

    test("makes no socket but pairs, and streams and datagrams of an internet that is not there", async () => {
      const inHome = Bun.listen({
        unix: join(world.home, "agent.sock"),
        socket: { open: () => void contacts++, data() {} },
      })
      const inWorkspace = Bun.listen({ unix: inside("s.sock"), socket: { open: () => void contacts++, data() {} } })
      let contacts = 0
      using mailbox = await datagrams(join(world.home, "log.sock"), owner)
      const sockets = ["1 1 0", "1 2 0", "1 5 0", "16 3 0", "17 3 0", "40 1 0", "38 5 0", "2 3 1", "10 3 58", "2 10 0"]
      const outputs = await attack([
        calls(
          ...sockets.map((line) => `41 ${line}`),
          "53 1 2 0 12345678",
          "53 1 3 0 12345678",
          `53 1 ${0x80802} 0 12345678`,
        ),
        `perl -MSocket -e 'socketpair(A,B,AF_UNIX,SOCK_DGRAM,0) and send(A,"hello",0,pack_sockaddr_un("${world.home}/log.sock")) and print "sent\\n"'`,
        `perl -MSocket -e 'socketpair(A,B,AF_UNIX,SOCK_STREAM,0) and print "pair\\n"; socket(S,AF_INET,SOCK_STREAM,0) and print "inet\\n"; ` +
          `socket(U,PF_UNIX,SOCK_STREAM,0) and connect(U, pack_sockaddr_un("${world.home}/agent.sock")) and print "agent\\n"'; ` +
          `curl -s --unix-socket ${inside("s.sock")} http://x/ && echo reached`,
      ]).finally(() => {
        inHome.stop(true)
        inWorkspace.stop(true)
      })

      expect(
        outputs
          .join("")
          .split("\n")
          .filter((line) => line !== "" && !line.includes("refused")),
      ).toEqual(["pair", "inet"])
      expect(contacts).toBe(0)
      expect(await mailbox.received()).toBe("")
    })

    test("keeps what it may use: pairs, internet sockets on its own loopback address, threads and processes", async () => {
      const [output] = await attack([
        `perl -MSocket -e 'socketpair(A,B,AF_UNIX,SOCK_STREAM,0) && socketpair(A,B,AF_UNIX,SOCK_SEQPACKET,0) and print "pair "; socket(L,AF_INET,SOCK_STREAM,0); bind(L,pack_sockaddr_in(0,INADDR_LOOPBACK)); ` +
          `listen(L,1); socket(S,AF_INET,SOCK_STREAM,0); connect(S, getsockname(L)) and print "loopback "; fork() or exit; wait; print "child\\n"'; ` +
          "cat <(echo substituted); mkfifo f && (echo piped > f & cat f)",
      ])

      expect(output).toBe("pair loopback child\nsubstituted\npiped\n")
    })

    test("sets no limits of a process but itself", async () => {
      const [output = ""] = await attack([
        `perl -e '$l = pack "QQ", 100, 100; print syscall(302, $_, 7, $l, 0), "\\n" for 1, $$, 0'; prlimit --pid 1 --nofile=5 2>&1; ulimit -n`,
      ])
      const lines = output.trim().split("\n")
      expect(lines.slice(0, 3)).toEqual(["-1", "-1", "0"])
      expect(output).toContain("Operation not permitted")
    })

    test("types nothing into a terminal", async () => {
      const [output] = await attack([
        `perl -e 'for (0x5412, 0x541c) { my $c = "x"; ioctl(STDIN, $_, $c); print "$!\\n" }'`,
      ])
      expect(output).toBe("Operation not permitted\nOperation not permitted\n")
    })

    test("makes no program that runs with somebody's rights", async () => {
      await attack([
        `cp /bin/sh a; chmod u+s a; chmod 6755 a; perl -e 'chmod 04755, "a"; use Fcntl; sysopen(F, "b", O_CREAT|O_WRONLY, 04755); syscall(257, -100, "c", 0101, 02755); syscall(133, "d", 0106755, 0); syscall(452, -100, "a", 04755, 0)'; install -m 4755 /bin/sh e; mkdir g; chmod g+s g; chmod 755 a; echo`,
      ])

      const modes = readdirSync(world.workspace).map((name) => statSync(inside(name)).mode & 0o6000)
      expect(existsSync(inside("a"))).toBe(true)
      expect(modes.filter((mode) => mode !== 0)).toEqual([])
    })

    test("does not hurt its keeper, nor learns anything from it", async () => {
      const [output = ""] = await attack([
        "for s in USR1 SEGV TERM KILL STOP PWR; do kill -$s 1 2>/dev/null; done; cat /proc/1/environ /proc/1/maps /proc/1/mem 2>/dev/null | head -c 100; for f in 0 1 2 3 5 6 7 8 9 10 11 12; do readlink /proc/1/fd/$f; cat /proc/1/fd/$f 2>/dev/null; done; ls /proc/1/cwd/ 2>/dev/null; echo x > /proc/1/mem; echo here",
        "echo again",
      ])

      expect(output).toEndWith("here\n")
      expect(output).not.toContain(CANARY)
      expect(output.split("\n").filter((line) => !line.includes("denied") && !line.includes("Read-only"))).toEqual([
        "here",
        "",
      ])
    })

    test("does not see, signal or wait for a command beside it", async () => {
      const mark = `34000000.${process.pid}`
      const [first, second = ""] = await attack(
        [
          `SECRET=${CANARY} sleep ${mark} & sleep 1; kill -0 $! && echo alive`,
          `sleep 0.3; cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ | tr '\\0' '\\n'; kill -9 -1 2>/dev/null; pkill sleep; killall sleep; true`,
        ],
        { isTogether: true },
      )

      expect(first).toBe("alive\n")
      expect(second).not.toContain(mark)
      expect(second).not.toContain(CANARY)
    })

    test("leaves nothing for the next command: no process, no segment, no message, no loopback server", async () => {
      const mark = `35000000.${process.pid}`
      const [, second = ""] = await attack([
        `perl -MSocket -e 'syscall(29, 77, 4096, 01600); syscall(68, 77, 01600); if (!fork) { socket(L,AF_INET,SOCK_STREAM,0); bind(L,pack_sockaddr_in(8123,INADDR_LOOPBACK)); listen(L,1); exec "sleep", "${mark}" }'; ` +
          `(setsid sh -c 'trap "" TERM HUP; sleep 0.4; echo late > late; exec sleep ${mark}' >/dev/null 2>&1 &) ; echo up`,
        "sleep 0.8; ls; ipcs -m -q | grep -c 0x0000004d; (echo x > /dev/tcp/127.0.0.1/8123) 2>/dev/null && echo open",
      ])

      expect(second).toBe("0\n")
      expect(await isRunning(mark)).toBe(false)
    })

    test("changes nothing of the devices that the next command has", async () => {
      const [, second = ""] = await attack([
        "rm -f /dev/stdin; ln -s /etc/hostname /dev/stdin; echo x > /dev/kmsg; chmod 777 /dev; echo x > /dev/null; echo x > /dev/shm/own && rm /dev/shm/own",
        "readlink /dev/stdin; ls /dev/kmsg 2>/dev/null; stat -c %a /dev; touch /dev/shm/own && echo shm",
      ])

      expect(second).toBe("/proc/self/fd/0\n755\nshm\n")
    })

    test("is bounded in processes, memory and the size of a file", async () => {
      const bounds = { processesMax: 400, memoryBytesMax: 300_000_000, fileBytesMax: 64_000_000 }
      const [forks = "", bomb, memory = "", file] = await attack(
        [
          `perl -e '$SIG{CHLD}="IGNORE"; for (1..1000) { my $p = fork; defined $p or last; if (!$p) { sleep 60; exit } $n++ } print "$n\\n"'`,
          "timeout 2 bash -c 'f() { f | f & }; f' 2>/dev/null; echo over",
          `perl -e '$x = "a" x 1_000_000_000; print length $x' 2>&1`,
          "(head -c 100000000 /dev/zero > big) 2>/dev/null; stat -c %s big",
        ],
        { bounds },
      )

      expect(Number(forks)).toBeGreaterThan(50)
      expect(Number(forks)).toBeLessThanOrEqual(400)
      expect(bomb).toBe("over\n")
      expect(memory).toContain("Out of memory")
      expect(file).toEndWith("64000000\n")
    }, 30_000)

    test("finds closed what somebody replaced between two of its commands", async () => {
      const git = (...args: readonly string[]) => Bun.spawnSync(["git", "-C", world.workspace, ...args])
      git("init", "-q", ".")
      write(join(world.home, ".ssh/old"), CANARY)
      own(world.base, owner)
      const outputs = drive(
        {
          base: world.base,
          sandbox: "workspace-write",
          commands: [
            "touch /tmp/first; while [ ! -e go ]; do sleep 0.02; done",
            "echo evil >> .git/config; echo evil > .git/hooks/post-commit; cat $HOME/.ssh/* $HOME/.aws/*",
          ],
        },
        uid,
      )
      // While the host is there, the person's own git writes a new file over the old one, and their tools make new ones.
      writeFileSync(inside(".git/config.lock"), "[core]\n\tbare = false\n")
      renameSync(inside(".git/config.lock"), inside(".git/config"))
      rmSync(join(world.home, ".ssh"), { recursive: true })
      write(join(world.home, ".ssh/new"), CANARY)
      write(join(world.home, ".aws/credentials"), CANARY)
      rmSync(inside(".git/hooks"), { recursive: true })
      write(inside(".git/hooks/pre-commit"), "true")
      own(world.base, owner)
      writeFileSync(inside("go"), "")

      expect((await outputs).join("")).not.toContain(CANARY)
      expect(readFileSync(inside(".git/config"), "utf8")).toBe("[core]\n\tbare = false\n")
      expect(readdirSync(inside(".git/hooks"))).toEqual(["pre-commit"])
    })

    test("plans nothing for later", async () => {
      const [output = ""] = await attack([
        "echo 'touch /tmp/x' | at now 2>/dev/null && echo planned; echo '* * * * * true' | crontab - 2>/dev/null && echo planned; " +
          "systemd-run --user true 2>/dev/null && echo planned; for f in /var/spool/cron /etc/cron.d /var/spool/at /etc/systemd/system; do [ -w $f ] && echo planned; done; echo none",
      ])
      expect(output).toBe("none\n")
    })
  })
}
