import { afterAll, expect, test } from "bun:test"
import { join } from "node:path"
import { endAll, scene } from "./scene.ts"

afterAll(endAll)

test.if(process.getuid?.() === 0)(
  "without privileges it holds as well, and another user's socket cannot be used",
  async () => {
    const { way } = await scene()
    const script = join(import.meta.dirname, "as-nobody.ts")
    const child = Bun.spawn([process.execPath, script, way.socketPath], { stdout: "pipe", stderr: "inherit" })
    expect(JSON.parse(await new Response(child.stdout).text())).toEqual({
      uid: 65_534,
      statuses: [
        ...["HTTP/1.1 403 Forbidden", "HTTP/1.1 403 Forbidden", "HTTP/1.1 403 Forbidden", "HTTP/1.1 403 Forbidden"],
        ...["HTTP/1.1 400 Bad Request", "HTTP/1.1 407 Proxy Authentication Required"],
      ],
      resolved: ["rebound.test", "meta.test"],
      reached: "EACCES",
    })
  },
)
