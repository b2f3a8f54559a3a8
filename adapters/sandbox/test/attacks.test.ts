import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { createSocket } from "node:dgram"
import { existsSync, readdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { CANARY, CASES, drive, own, write } from "./cases.ts"
import type { DriverTask } from "./driver.ts"
import { isRunning } from "./running.ts"
import { type TestWorld, testWorld, whyUnconfined } from "./world.ts"

const reason = await whyUnconfined()

for (const { uid, owner } of CASES) {
  describe.skipIf(reason !== undefined)(`a command run as uid ${uid} in a workspace of uid ${owner}`, () => {
    let world: TestWorld
    beforeEach(() => {
      world = testWorld()
      writeFileSync(join(world.outside, "file"), "untouched", { mode: 0o644 })
      writeFileSync(join(world.workspace, "own"), "mine")
      own(world.base, owner)
    })
    afterEach(() => world.cleanUp())

    const attack = (sandbox: DriverTask["sandbox"], ...commands: readonly string[]) =>
      drive({ base: world.base, sandbox, commands }, uid)
    const outsideIsUntouched = () => {
      expect(readdirSync(world.outside)).toEqual(["file"])
      expect(readFileSync(join(world.outside, "file"), "utf8")).toBe("untouched")
      expect(statSync(join(world.outside, "file")).mode & 0o777).toBe(0o644)
      expect(statSync(join(world.outside, "file")).mtimeMs).toBeGreaterThan(1e12)
    }

    test("works where it may", async () => {
      const [output] = await attack(
        "workspace-write",
        "echo a > new && mkdir -p d/e && mv new d/e/ && cat d/e/new own; echo t > $TMPDIR/t && cat /tmp/t",
      )

      expect(output).toBe("a\nminet\n")
      expect(existsSync(join(world.workspace, "d/e/new"))).toBe(true)
    })

    test("writes nothing outside: directly, by link, by rename, by mode or time", async () => {
      const out = world.outside
      await attack(
        "workspace-write",
        `echo x > ${out}/new; echo x >> ${out}/file; rm -f ${out}/file; mkdir ${out}/d`,
        `ln -s ${out}/file link; echo x > link; ln -s ${out} dir; echo x > dir/new; ln -s ${out}/dangling gone; echo x > gone`,
        `echo x > f; mv f ${out}/file; mv own ${out}/; ln ${out}/file hard && echo x > hard`,
        `chmod 777 ${out}/file; touch -d 2001-01-01 ${out}/file; chown 1:1 ${out}/file; truncate -s 0 ${out}/file`,
        `echo x > /proc/1/root${out}/new; echo x > /proc/self/root${out}/new; cd ..; echo x > outside/new`,
        `cd ${out} && mv ${world.workspace} . ; mv ${world.workspace} ${world.base}/moved`,
      )

      outsideIsUntouched()
      expect(existsSync(world.workspace)).toBe(true)
    })

    test("gains nothing from namespaces, mounts, devices or set-user-id programs", async () => {
      const out = world.outside
      const [output = ""] = await attack(
        "workspace-write",
        `mount -o remount,rw / ; mount --bind . ${out}; umount ${out}; unshare -Urm sh -c 'mount -o remount,rw,bind / ; echo x > ${out}/new'; ` +
          "mknod disk b 7 0; [ -e disk ] && echo made-device; " +
          "for f in /proc/sysrq-trigger /proc/sys/kernel/core_pattern /proc/sys/kernel/printk /sys/kernel/uevent_helper /etc/passwd /var/spool; do [ -w $f ] && echo writable $f; done; " +
          "grep -E 'NoNewPrivs|CapEff|CapBnd' /proc/self/status",
      )

      outsideIsUntouched()
      expect(output).not.toContain("made-device")
      expect(output).not.toContain("writable")
      // Over owners: chown, dac_override, fowner; nothing that mounts, traces or makes devices.
      expect(output).toMatch(uid === owner ? /CapEff:\s0{16}/ : /CapEff:\s0{15}b/)
      if (uid === owner) expect(output).toMatch(/CapBnd:\s0{16}/)
      expect(output).toMatch(/NoNewPrivs:\s1/)
    })

    test("shares no namespace with the machine but its users', over their files", async () => {
      const kinds = ["ipc", "uts", "cgroup", "net", "pid", "mnt", ...(uid === owner ? ["user"] : [])]
      const [output = ""] = await attack("workspace-write", `cd /proc/self/ns; readlink ${kinds.join(" ")}`)

      const shared = kinds.map((kind) => readlinkSync(`/proc/self/ns/${kind}`)).filter((name) => output.includes(name))
      expect(output.split("\n")).toHaveLength(kinds.length + 1)
      expect(shared).toEqual([])
    })

    test("in read-only writes nothing but its private folder", async () => {
      const [output] = await attack(
        "read-only",
        `echo x > own; echo x > new; rm own; echo x > ${world.outside}/new; echo ok > /tmp/t && cat /tmp/t own`,
      )

      outsideIsUntouched()
      expect(readdirSync(world.workspace)).toEqual(["own"])
      expect(output).toEndWith("ok\nmine")
    })

    test("reads no secret store, and none of skein's own files", async () => {
      const secrets = [
        "home/.ssh/id_ed25519",
        "home/.aws/credentials",
        "home/.netrc",
        "home/.config/gh/hosts.yml",
        "home/.git-credentials",
        "data/sessions/log",
      ]
      for (const name of secrets) write(join(world.base, name), CANARY)
      write(join(world.base, "home/notes"), "readable")
      own(world.base, owner)
      const [output = ""] = await attack(
        "workspace-write",
        `cd ${world.base}; for f in ${secrets.join(" ")}; do cat $f; cat /proc/1/root/$PWD/$f; done; chmod -R 777 home data; grep -r ${CANARY} home data; ` +
          `ln -s $PWD/home/.ssh workspace/l; cat workspace/l/id_ed25519; umount home/.ssh; cat home/.ssh/*; echo x > home/.ssh/authorized_keys; cat home/notes; cat /etc/shadow`,
      )

      expect(output).not.toContain(CANARY)
      expect(output).toContain("readable")
      expect(output).not.toMatch(/^root:.*:/m)
      expect(existsSync(join(world.home, ".ssh/authorized_keys"))).toBe(false)
    })

    test("does not reach the process that started it", async () => {
      const [output = ""] = await attack(
        "workspace-write",
        "kill -9 $DRIVER_PID; kill -9 -1; echo survived",
        "cat /proc/*/environ /proc/$DRIVER_PID/environ | tr '\\0' '\\n'; env; ls /proc | grep -c '^[0-9]'",
      )

      // That there is an answer says that the driver lives.
      expect(output).toContain("No such process")
      expect(output).not.toContain(CANARY)
    })

    test("has no network: TCP, UDP, names, abstract sockets, the machine's sockets", async () => {
      let contacts = 0
      const tcp = Bun.listen({
        hostname: "127.0.0.1",
        port: 0,
        socket: { open: () => void contacts++, data: () => void contacts++ },
      })
      const udp = createSocket("udp4", () => contacts++)
      await new Promise<void>((resolve) => udp.bind(0, "127.0.0.1", resolve))
      const abstract = Bun.listen({
        unix: `\0skein-${world.base}`,
        socket: { open: () => void contacts++, data: () => void contacts++ },
      })
      const [output = ""] = await attack(
        "workspace-write",
        `(echo x > /dev/tcp/127.0.0.1/${tcp.port}) && echo tcp-open; (echo x > /dev/udp/127.0.0.1/${udp.address().port}); ` +
          `perl -MSocket -e 'socket(S,PF_UNIX,SOCK_STREAM,0); connect(S, pack_sockaddr_un("\\0skein-${world.base}")) and print "abstract-open\\n"'; ` +
          "getent hosts example.com && echo resolved; find /run /tmp -type s; cat /proc/net/route | wc -l",
      )
      tcp.stop(true)
      abstract.stop(true)
      await new Promise<void>((resolve) => udp.close(() => resolve()))

      expect(contacts).toBe(0)
      expect(output).not.toMatch(/open|resolved/)
      expect(output).toEndWith("1\n")
    })

    test("has no terminal", async () => {
      const [output] = await attack(
        "workspace-write",
        "(echo x > /dev/tty) 2>/dev/null || echo none; tty; ps -o tty= -p $$",
      )

      expect(output).toBe("none\nnot a tty\n?\n")
    })

    test("leaves no daemon", async () => {
      const mark = `${31_000_000 + uid}.${process.pid}`
      await attack(
        "workspace-write",
        `(setsid sh -c 'trap "" TERM HUP; sleep ${mark}; echo late > late' >/dev/null 2>&1 &); nohup sleep ${mark} & disown; echo up`,
      )

      expect(await isRunning(mark)).toBe(false)
      expect(existsSync(join(world.workspace, "late"))).toBe(false)
    })

    test("in the root folder or in /proc sees the same", async () => {
      const commands = [
        "cat /proc/*/environ | tr '\\0' '\\n'; ls /proc | grep -c '^[0-9]'; ls /dev | wc -l; kill -9 $DRIVER_PID; echo x > /etc/x",
      ]
      for (const cwd of ["/", "/proc", "/dev"]) {
        const [output = ""] = await drive({ base: world.base, sandbox: "read-only", commands, cwd }, uid)
        expect(output).not.toContain(CANARY)
        expect(output).toContain("No such process")
        expect(output).toContain("Read-only file system")
      }
    })

    test("is confined in what /tmp it has", async () => {
      const name = `skein-private-${process.pid}`
      const [first, second] = await attack("workspace-write", `echo kept > /tmp/${name}; ls /tmp`, `cat /tmp/${name}`)

      expect([first, second]).toEqual([`${name}\n`, "kept\n"])
      expect(existsSync(`/tmp/${name}`)).toBe(false)
    })
  })
}
