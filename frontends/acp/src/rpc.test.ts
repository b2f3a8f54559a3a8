import { expect, test } from "bun:test"
import { Rpc, RpcError } from "./rpc.ts"

test("what was taken back before it was asked is not asked", async () => {
  const lines: string[] = []
  const rpc = new Rpc({
    ...{ requests: {}, notifications: {}, warn: () => {}, errorOf: () => new RpcError(1, "none") },
    write: (line) => void lines.push(line),
  })
  const asked = rpc.request("fs/read_text_file", {}, AbortSignal.abort(new Error("over")))
  await expect(asked).rejects.toThrow("over")
  expect(lines).toEqual([])
})
