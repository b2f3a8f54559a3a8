import { expect, setDefaultTimeout, test } from "bun:test"
import { createSocket } from "node:dgram"
import { type Attack, type Attacked, attack, bash, LAYERS, WHO } from "../ground/attack.ts"
import { describeBinary } from "../ground/binary.ts"

// A hang guard: an attack takes a second or two, on a machine that does much else far more.
setDefaultTimeout(120_000)

/** A server of the machine, and what came to it: by TCP as requests, by UDP as datagrams. */
function machine() {
  const requests: string[] = []
  const datagrams: string[] = []
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: (request) => {
      requests.push(`${request.method} ${request.url.replace(/^https?:\/\/[^/]+/, "")} ${request.headers.get("host")}`)
      return new Response("the answer\n")
    },
  })
  const udp = createSocket("udp4").on("message", (bytes) => void datagrams.push(bytes.toString()))
  udp.bind(server.port ?? 0, "127.0.0.1")
  return {
    ...{ requests, datagrams, port: server.port ?? 0 },
    [Symbol.dispose]() {
      void server.stop(true)
      udp.close()
    },
  }
}

/** Ways to a host that ask no proxy; `$P` is the port. */
const AROUND: readonly string[] = [
  "curl -s --max-time 2 --noproxy '*' http://127.0.0.1:$P/direct",
  "env -u http_proxy -u HTTP_PROXY -u ALL_PROXY -u all_proxy curl -s --max-time 2 http://127.0.0.1:$P/unset",
  "NO_PROXY='*' no_proxy='*' curl -s --max-time 2 http://127.0.0.1:$P/no-proxy",
  "exec 3<>/dev/tcp/127.0.0.1/$P && printf 'GET /tcp HTTP/1.0\\r\\n\\r\\n' >&3 && head -c 100 <&3",
  "echo x > /dev/udp/127.0.0.1/$P",
  "python3 -c \"import socket; s=socket.create_connection(('127.0.0.1',$P),2); s.send(b'GET /python HTTP/1.0\\r\\n\\r\\n'); print(s.recv(99))\"",
  "python3 -c \"import socket; socket.socket(socket.AF_INET,socket.SOCK_DGRAM).sendto(b'udp',('127.0.0.1',$P))\"",
  "python3 -c \"import socket; s=socket.socket(socket.AF_INET6); s.settimeout(2); s.connect(('::ffff:127.0.0.1',$P)); s.send(b'GET /v6 HTTP/1.0\\r\\n\\r\\n')\"",
  "perl -MIO::Socket::INET -e '$s=IO::Socket::INET->new(\"127.0.0.1:'$P'\") or die; print $s \"GET /perl HTTP/1.0\\r\\n\\r\\n\"'",
  "for a in 0.0.0.0 localhost 127.1 2130706433 0x7f.1 $(hostname -I); do curl -s --max-time 1 --noproxy '*' http://$a:$P/spelling; done",
]

/** Hosts that are, or lead to, the one nobody allowed; through the proxy. */
const CONFUSED: readonly string[] = [
  "http://127.0.0.1:$Q/",
  "http://127.1:$Q/",
  "http://2130706433:$Q/",
  "http://0x7f000001:$Q/",
  "http://0177.0.0.1:$Q/",
  "http://[::ffff:127.0.0.1]:$Q/",
  "http://[::1]:$Q/",
  "http://localhost:$Q/",
  "http://localhost.:$Q/",
  "http://0.0.0.0:$Q/",
  "http://allowed.test@127.0.0.1:$Q/",
  "http://127.0.0.1:$P@127.0.0.1:$Q/",
  "http://127.0.0.1.nip.io:$Q/",
  "http://169.254.169.254/latest/meta-data/",
  "http://metadata.google.internal/",
]

for (const who of WHO) {
  const attacked = (given: Omit<Attack, "who">): Promise<Attacked> => attack({ who, args: LAYERS.sandbox, ...given })

  describeBinary(`a command that wants out, as ${who}`, () => {
    test("T29: nothing leads around the proxy, whatever is allowed through it", async () => {
      using target = machine()
      for (const more of [[], ["--allow", `127.0.0.1:${target.port}`]]) {
        using ran = await attacked({
          args: [...LAYERS.sandbox, ...more],
          steps: () => AROUND.map((line) => [bash(`P=${target.port}; ${line}`)]),
        })
        expect(ran.results).toHaveLength(AROUND.length)
      }
      expect([...target.requests, ...target.datagrams]).toEqual([])
    }, 60_000)

    test("the same ways lead there without a sandbox, so the above says something", async () => {
      using target = machine()
      using _ = await attacked({
        args: LAYERS.none,
        steps: () => AROUND.map((line) => [bash(`P=${target.port}; ${line}`)]),
      })
      expect(target.requests.length + target.datagrams.length).toBeGreaterThan(6)
    }, 60_000)

    test("T29: no name is looked up for a command", async () => {
      using ran = await attacked({
        steps: () => [
          [
            bash(
              "getent hosts secret.example.com; python3 -c \"import socket; print(socket.gethostbyname('secret.example.com'))\"; cat /etc/resolv.conf; python3 -c \"import socket; s=socket.socket(socket.AF_INET,socket.SOCK_DGRAM); s.sendto(b'q',('8.8.8.8',53)); print('SENT')\"",
            ),
          ],
        ],
      })
      expect(ran.results[0]).not.toContain("SENT")
    })

    test("T30: nothing on the list means nothing, without a person to ask", async () => {
      using target = machine()
      using ran = await attacked({
        steps: () => [[bash(`curl -sS --max-time 5 http://127.0.0.1:${target.port}/; true`)]],
      })
      expect(target.requests).toEqual([])
      expect(ran.results[0]).not.toContain("the answer")
      expect(ran.results[0]).not.toMatch(/no-sandbox|full-access|dangerously/)
    })

    test("what was allowed is reached through the proxy, and what was tried is told", async () => {
      using target = machine()
      using ran = await attacked({
        args: ["--mode", "auto", "--allow", `127.0.0.1:${target.port}`],
        steps: () => [
          [
            bash(
              `curl -sS --max-time 5 http://127.0.0.1:${target.port}/asked; curl -sS -o /dev/null -w '%{http_code}' http://127.0.0.1:9/`,
            ),
          ],
        ],
      })
      expect(target.requests).toEqual([`GET /asked 127.0.0.1:${target.port}`])
      expect(ran.results[0]).toContain("the answer")
      expect(ran.results[0]).toContain("403")
    })

    test("T31: no spelling of a host passes for another", async () => {
      using allowed = machine()
      using other = machine()
      using ran = await attacked({
        args: ["--mode", "auto", "--allow", `127.0.0.1:${allowed.port}`, "--allow", "allowed.test"],
        steps: () => [
          ...CONFUSED.map((url) => [
            bash(
              `P=${allowed.port}; Q=${other.port}; curl -sS --max-time 2 "${url}"; curl -sS --max-time 2 -p "${url}"; true`,
            ),
          ]),
          [
            bash(
              `python3 - <<'E'\nimport os, socket, base64\nfrom urllib.parse import urlparse\nu = urlparse(os.environ.get("http_proxy") or os.environ["HTTP_PROXY"])\nauth = base64.b64encode(f"{u.username}:{u.password}".encode()).decode()\nfor target in ["127.0.0.1:${other.port}\\0.allowed.test:80", "127.0.0.1:${other.port}#@allowed.test:80", "allowed.test:80@127.0.0.1:${other.port}", "127.0.0.1:${other.port} ", "127.0.0.1%00.allowed.test:${other.port}"]:\n  for head in [f"CONNECT {target} HTTP/1.1\\r\\nHost: allowed.test\\r\\nProxy-Authorization: Basic {auth}\\r\\n\\r\\n", f"GET http://127.0.0.1:${allowed.port}/ HTTP/1.1\\r\\nHost: 127.0.0.1:${other.port}\\r\\nProxy-Authorization: Basic {auth}\\r\\n\\r\\n"]:\n    s = socket.create_connection((u.hostname, u.port), 2); s.settimeout(2); s.sendall(head.encode("latin1"))\n    try: print(s.recv(60))\n    except OSError as e: print(e)\nE`,
            ),
          ],
        ],
      })
      expect(other.requests).toEqual([])
      expect(ran.results).toHaveLength(CONFUSED.length + 1)
    }, 120_000)
  })
}
