import { expect, setDefaultTimeout, test } from "bun:test"
import { chmodSync, existsSync } from "node:fs"
import { createServer } from "node:net"
import { join } from "node:path"
import { type Attack, type Attacked, attack, bash, LAYERS, WHO } from "../ground/attack.ts"
import { describeBinary } from "../ground/binary.ts"

// A hang guard: an attack takes a second or two, on a machine that does much else far more.
setDefaultTimeout(120_000)

/** Whatever a shell, python or perl can do to get out of a workspace; `$OUT` is the folder outside. */
const WAYS_OUT: Readonly<Record<string, string>> = {
  "a redirection": "echo x > $OUT/new",
  "a link that is written through": "ln -s $OUT/new l; echo x > l",
  "a hard link": "ln $OUT/victim h && echo x >> h",
  "a rename over": "echo x > mine; mv -f mine $OUT/victim",
  "a rename out of the way": "mv $OUT/victim $OUT/gone",
  "a deletion": "rm -rf $OUT/victim",
  "a truncation": "truncate -s 0 $OUT/victim",
  "a change of rights": "chmod 0777 $OUT/victim",
  "a change of times": "touch -d 2001-01-01 $OUT/victim",
  "an owner's change": "chown 12345 $OUT/victim",
  "an extended attribute":
    "setfattr -n user.x -v 1 $OUT/victim || python3 -c \"import os; os.setxattr('$OUT/victim', 'user.x', b'1')\"",
  "another process's root":
    "echo x > /proc/1/root$OUT/new; for p in /proc/[0-9]*; do echo x > $p/root$OUT/new2; done 2>/dev/null",
  "another process's folder": "for p in /proc/[0-9]*; do echo x > $p/cwd/../outside/new3; done 2>/dev/null",
  "another process's files": "for f in /proc/[0-9]*/fd/*; do echo x >> $f; done 2>/dev/null; true",
  "a namespace of its own":
    'unshare -Urm sh -c "mount -o remount,rw,bind / ; mount -t tmpfs none /mnt; echo x > $OUT/new"',
  "a mount": "mount --bind $OUT /mnt && echo x > /mnt/new; umount -l $OUT; mount -o remount,rw $OUT",
  "a new root": 'mkdir r; chroot / sh -c "echo x > $OUT/new"',
  python: "python3 -c \"open('$OUT/new','w').write('x')\"",
  perl: "perl -e 'open(F, \">\", \"'$OUT'/new\"); print F 1'",
  "a copied program": 'cp /bin/sh ./s && ./s -c "echo x > $OUT/new"',
  "the loader": '/lib64/ld-linux-x86-64.so.2 /bin/sh -c "echo x > $OUT/new"',
  "a program with its owner's rights": 'cp /bin/sh ./s; chmod u+s,g+s ./s; ./s -p -c "echo x > $OUT/new"',
  "a device": "mknod d b 8 0 && cat d | head -c 1 > stolen; mknod c c 1 1; cat /dev/mem > stolen2",
  "a daemon that stays":
    'setsid -f sh -c "sleep 0.3; echo x > $OUT/late"; nohup sh -c "sleep 0.3; echo x > $OUT/late2" &',
  "a timer of the system":
    'echo "touch $OUT/new" | at now; (crontab -l; echo "* * * * * touch $OUT/new") | crontab -; systemd-run touch $OUT/new',
}

/** What none may do to the processes around it. */
const REACHES: Readonly<Record<string, string>> = {
  "kills skein": "for p in /proc/[0-9]*; do kill -9 ${p#/proc/} 2>/dev/null; done; kill -9 -1; true",
  "stops skein": "kill -STOP -1; kill -STOP $PPID; true",
}

/** A datagram socket that anybody may send to, as a machine's log has one. */
const DATAGRAMS =
  "socket(S, AF_UNIX, SOCK_DGRAM, 0) && bind(S, pack_sockaddr_un($ARGV[0])) && chmod(0777, $ARGV[0]) or die $!; " +
  'open(F, ">", "$ARGV[0].ready"); close F; sleep 60'

for (const who of WHO) {
  const attacked = (given: Omit<Attack, "who">): Promise<Attacked> => attack({ who, args: LAYERS.sandbox, ...given })

  describeBinary(`a command that attacks its sandbox, as ${who}`, () => {
    test("T23: nothing of the ways out changes anything outside the workspace, in the mode that allows everything", async () => {
      using ran = await attacked({
        steps: ({ outside }) => [
          ...Object.values(WAYS_OUT).map((way) => [bash(`OUT=${outside}; ${way}`)]),
          [bash("sleep 0.7")],
        ],
      })
      expect(ran.results).toHaveLength(Object.keys(WAYS_OUT).length + 1)
      expect(ran.changed.filter((line) => !line.includes("project"))).toEqual([])
    })

    test("T23: most of these ways lead out when there is no sandbox, so the above says something", async () => {
      const names = [
        "a redirection",
        "a rename over",
        "a change of rights",
        "python",
        "a copied program",
        "a daemon that stays",
      ]
      for (const name of names) {
        using ran = await attacked({
          args: LAYERS.none,
          steps: ({ outside }) => [[bash(`OUT=${outside}; ${WAYS_OUT[name]}; sleep 0.1`)]],
        })
        if (name === "a daemon that stays") continue
        expect([name, ran.changed.some((line) => line.includes("outside/"))]).toEqual([name, true])
      }
    })

    for (const [name, command] of Object.entries(REACHES)) {
      test(`T25: a command that ${name} reaches only its own`, async () => {
        using ran = await attacked({
          steps: () => [[{ name: "bash", args: { command, timeoutMs: 2_000 } }], [bash("echo still here")]],
        })
        expect({ code: ran.code, out: ran.out }).toEqual({ code: 0, out: "Done.\n" })
        expect(ran.results.at(-1)).toContain("still here")
      })
    }

    test("T22: a folder that the model names does not become one that it may write", async () => {
      using ran = await attacked({
        steps: ({ outside }) => [
          [
            { name: "bash", args: { command: "echo x > new", cwd: outside } },
            {
              name: "bash",
              args: { command: "echo x > new", workdir: outside, roots: [outside], sandbox: "full-access" },
            },
            { name: "bash", args: { command: `cd ${outside} && echo x > new` } },
          ],
        ],
      })
      expect(ran.changed).toEqual([])
    })

    test("T24: no Unix socket is reached, wherever it lies", async () => {
      let connected = 0
      using ran = await attacked({
        beside: ({ project, home, root }) => {
          const servers = [
            join(project, "s.sock"),
            join(home, "agent.sock"),
            join(root, "tmp/d.sock"),
            "\0skein-attack",
          ].map((path) =>
            createServer((socket) => {
              connected += 1
              socket.end()
            })
              .on("error", () => undefined)
              .listen(path),
          )
          for (const path of [join(project, "s.sock"), join(home, "agent.sock")]) waitAndOpen(path)
          const log = join(project, "log.sock")
          const receiver = Bun.spawn(["perl", "-MSocket", "-e", DATAGRAMS, log], {
            stdio: ["ignore", "ignore", "inherit"],
          })
          while (!existsSync(`${log}.ready`)) Bun.sleepSync(5)
          return {
            [Symbol.dispose]() {
              receiver.kill()
              for (const server of servers) server.close()
            },
          }
        },
        steps: ({ project, home, root }) => [
          [
            bash(
              `python3 - <<'E'\nimport socket\nfor p in ["${project}/s.sock", "${home}/agent.sock", "${root}/tmp/d.sock", "\\0skein-attack", "/run/docker.sock", "/var/run/dbus/system_bus_socket"]:\n  for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):\n    try:\n      s = socket.socket(socket.AF_UNIX, kind); s.connect(p); print("CONNECTED", p)\n    except OSError as e: print(p, e)\na, b = socket.socketpair(); a.send(b"1"); print("PAIR", b.recv(1))\nfor kind in (socket.SOCK_DGRAM, socket.SOCK_RAW):\n  try:\n    a, b = socket.socketpair(socket.AF_UNIX, kind); a.sendto(b"1", "${project}/log.sock"); print("SENT")\n  except OSError as e: print(kind, e)\nE`,
            ),
          ],
        ],
      })
      expect(ran.results[0]).toContain("PAIR")
      expect(ran.results[0]).not.toContain("CONNECTED")
      expect(ran.results[0]).not.toContain("SENT")
      expect(connected).toBe(0)
    })

    test("T26: there is no terminal to type into", async () => {
      using ran = await attacked({
        steps: () => [
          [
            bash(
              `python3 -c "\nimport fcntl, os\nfor p in ('/dev/tty', '/dev/pts/0', '/dev/console'):\n  try:\n    f = os.open(p, os.O_RDWR); fcntl.ioctl(f, 0x5412, b'x'); print('TYPED', p)\n  except OSError as e: print(p, e)\n"`,
            ),
          ],
        ],
      })
      expect(ran.results[0]).not.toContain("TYPED")
    })

    test("T28: building, testing and committing work unasked; hooks and settings of git stay closed", async () => {
      using ran = await attacked({
        args: LAYERS.both,
        steps: () => [
          [bash("git init -q . && git config user.email a@b.c && git config user.name n; true")],
          [
            bash(
              "echo 1 > a && git add a && git -c user.email=a@b.c -c user.name=n commit -qm one && git log --oneline",
            ),
          ],
        ],
      })
      expect(ran.results).toHaveLength(2)
    })

    test("T61: floods, ignored signals, fork bombs and held pipes end, and the machine stays usable", async () => {
      using ran = await attacked({
        steps: () => [
          [{ name: "bash", args: { command: "yes | head -c 50000000", timeoutMs: 20_000 } }],
          [{ name: "bash", args: { command: "trap '' TERM INT HUP; sleep 60", timeoutMs: 500 } }],
          [{ name: "bash", args: { command: "f(){ f|f& };f; sleep 1", timeoutMs: 4_000 } }],
          [{ name: "bash", args: { command: "(sleep 60 & disown) ; setsid sleep 60 & echo over" } }],
          [bash("cat; echo end")],
        ],
      })
      expect(ran.results).toHaveLength(5)
      expect(ran.results[4]).toContain("end")
      expect(ran.out).toBe("Done.\n")
    }, 120_000)
  })
}

/** A socket of the person's own, that anyone may connect to. */
function waitAndOpen(path: string): void {
  try {
    chmodSync(path, 0o777)
  } catch {
    // Not there yet: its owner is the same user then.
  }
}
