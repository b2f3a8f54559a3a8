import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { createHash } from "node:crypto"
import { mkdirSync } from "node:fs"
import { join } from "node:path"
import type { Egress, EgressPort, ExecRequest, NetworkGate } from "@skein/core/ports"
import type { NetworkAttempt } from "@skein/protocol"
import { type TestWorld, testWorld, whyUnconfined } from "./world.ts"

const reason = (await whyUnconfined()) ?? (Bun.which("curl") === null ? "curl is not installed" : undefined)

/** A proxy that answers by itself what the gate lets through, and forgets nothing. */
function testProxy(folder: string): EgressPort & { readonly opened: () => number } {
  let count = 0
  let open = 0
  return {
    opened: () => open,
    async open(gate): Promise<Egress> {
      const number = ++count
      open++
      const token = createHash("sha256").update(`token ${number}`).digest("hex")
      const attempts: NetworkAttempt[] = []
      const socketPath = join(folder, `proxy-${number}.sock`)
      const answer = async (head: string): Promise<string> => {
        const authorization = /^proxy-authorization: basic (.*)$/im.exec(head)?.[1] ?? ""
        if (atob(authorization) !== `skein:${token}`) return "HTTP/1.1 407 Unknown\r\nContent-Length: 0\r\n\r\n"
        const url = new URL(head.split(" ")[1] ?? "")
        const { isAllowed, reason: why } = await gate({ host: url.hostname, port: 80 }, new AbortController().signal)
        const decision = isAllowed ? "allowed" : "refused"
        attempts.push({ host: url.hostname, port: 80, decision, reason: why, bytesOut: 0, bytesIn: 0 })
        const body = isAllowed ? `hello from ${url.hostname}` : why
        return `HTTP/1.1 ${isAllowed ? 200 : 403} x\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`
      }
      const server = Bun.listen<{ head: string }>({
        unix: socketPath,
        socket: {
          open(socket) {
            socket.data = { head: "" }
          },
          async data(socket, bytes) {
            socket.data.head += bytes.toString()
            if (!socket.data.head.includes("\r\n\r\n")) return
            socket.end(await answer(socket.data.head))
          },
        },
      })
      return {
        socketPath,
        token,
        async close() {
          open--
          server.stop(true)
          return attempts
        },
      }
    },
  }
}

describe.skipIf(reason !== undefined)("a command's way to the network", () => {
  let world: TestWorld
  let proxy: ReturnType<typeof testProxy>
  beforeEach(() => {
    const outer = testWorld()
    mkdirSync(join(outer.base, "proxy"))
    proxy = testProxy(join(outer.base, "proxy"))
    world = testWorld({ egress: proxy })
    const { cleanUp } = world
    world = {
      ...world,
      cleanUp() {
        cleanUp()
        outer.cleanUp()
      },
    }
  })
  afterEach(() => world.cleanUp())

  const gate: NetworkGate = async (target) => {
    const isAllowed = target.host === "good.test"
    return { isAllowed, reason: isAllowed ? "on the list" : "not on the list" }
  }
  const run = (command: string, changes: Partial<ExecRequest> = {}) =>
    world.exec.run({
      command,
      cwd: world.workspace,
      sandbox: "workspace-write",
      roots: [world.workspace],
      timeoutMs: 20_000,
      signal: new AbortController().signal,
      bytesMax: 30_000,
      network: gate,
      ...changes,
    })

  test("leads through the proxy, which decides about each host, and the result tells what was tried", async () => {
    const result = await run(
      "curl -s http://good.test/; echo; curl -s http://evil.test/; echo; printenv npm_config_proxy NO_PROXY",
    )

    expect(result.output).toMatch(
      /^hello from good.test\nnot on the list\nhttp:\/\/skein:[0-9a-f]{64}@127.0.0.1:\d+\n\n$/,
    )
    expect(result.network).toMatchObject([
      { host: "good.test", decision: "allowed" },
      { host: "evil.test", decision: "refused" },
    ])
    expect(proxy.opened()).toBe(0)
  })

  test("is the only one: no name, no raw packet, nothing around the proxy", async () => {
    const { output } = await run(
      "curl -s --noproxy '*' -m 2 http://good.test/; curl -s --noproxy '*' -m 2 http://93.184.215.14/ && echo out; getent hosts good.test; " +
        "(echo x > /dev/udp/1.1.1.1/53) 2>/dev/null; (exec 3<>/dev/tcp/1.1.1.1/80) 2>/dev/null && echo out; echo end",
    )
    expect(output).toBe("end\n")
  })

  test("is closed to a command without a gate, and to one that knows no token", async () => {
    const other = run("sleep 1; echo done", {})
    const alone = await run("env | grep -i proxy; curl -s -m 2 http://good.test/; echo end", {
      network: undefined,
    })
    const beside = await run(
      "curl -s -o /dev/null -w '%{http_code}' -x http://127.0.0.1:${HTTP_PROXY##*:} http://good.test/",
    )

    expect(alone).toMatchObject({ output: "end\n" })
    expect(alone.network).toBeUndefined()
    expect(beside.output).toBe("407")
    expect((await other).output).toBe("done\n")
  })

  test("takes nothing from a command's time while a person thinks about a host, and only then", async () => {
    const thinking: NetworkGate = async () => {
      await Bun.sleep(1_200)
      return { isAllowed: true, reason: "a person allowed it" }
    }
    const command = "curl -s http://good.test/ & curl -s http://other.test/; wait; echo"
    const patient = await run(command, { network: thinking, timeoutMs: 800 })
    expect(patient).toMatchObject({ isTimedOut: false, exitCode: 0 })
    expect(patient.output.match(/hello from/g)).toHaveLength(2)
    expect(await run(`${command}; sleep 5`, { network: thinking, timeoutMs: 800 })).toMatchObject({ isTimedOut: true })
  })

  test("ends with the command", async () => {
    const first = (await run("echo ${HTTP_PROXY##*:}")).output.trim()
    const dial = `(exec 3<>/dev/tcp/127.0.0.1/${first}) 2>/dev/null && echo open`
    // The next command has a way of its own, which may by chance have that very port.
    const { output } = await run(`[ "\${HTTP_PROXY##*:}" = ${first} ] || { ${dial}; }; echo end`)

    expect(output).toBe("end\n")
  })

  test("carries much, both ways, and many at once", async () => {
    const { output } = await run(
      "for i in $(seq 30); do curl -s http://good.test/$i & done; wait; head -c 3000000 /dev/zero | curl -s -m 10 -T - http://good.test/ -o /dev/null -w '%{http_code}'",
    )
    expect(output.match(/hello from good.test/g)).toHaveLength(30)
    expect(output).toEndWith("200")
  })
})
