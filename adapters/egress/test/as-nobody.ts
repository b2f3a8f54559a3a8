import { allowing, endAll, exchange, scene, statusOf } from "./scene.ts"

// A process of its own without privileges: what it may not reach of another's, and that its own proxy holds as well.
const [others = ""] = process.argv.slice(2)
if (process.getuid?.() === 0) {
  process.setgid?.(65_534)
  process.setuid?.(65_534)
}
const { raw, head, resolved, way } = await scene({
  names: { "rebound.test": ["127.0.0.1"], "meta.test": ["169.254.169.254"] },
  gate: async (target, signal) =>
    target.host === "evil.test"
      ? { isAllowed: false, reason: "no" }
      : { ...(await allowing(target, signal)), isPrivateAllowed: false },
})
const heads = ["evil.test:443", "rebound.test:443", "meta.test:80", "169.254.169.254:80", "evil.test%00.a.test:443"]
const statuses: string[] = []
for (const host of heads) statuses.push(statusOf(await raw(head(`CONNECT ${host} HTTP/1.1`))))
statuses.push(statusOf(await raw("CONNECT a.test:443 HTTP/1.1\r\n\r\n")))
const reached = await exchange(others, "CONNECT a.test:443 HTTP/1.1\r\n\r\n").then(
  () => "reached",
  (error: NodeJS.ErrnoException) => String(error.code),
)
await way.close()
endAll()
console.log(JSON.stringify({ uid: process.getuid?.(), statuses, resolved, reached }))
