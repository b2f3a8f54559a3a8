import { expect, test } from "bun:test"
import { unlessAborted } from "./unless-aborted.ts"

test("whoever gives up is told why at once, whatever the work still does", async () => {
  const stop = new AbortController()
  const { promise: work, resolve } = Promise.withResolvers<string>()
  const given = unlessAborted(work, stop.signal)
  stop.abort(new Error("enough"))

  await expect(given).rejects.toThrow("enough")
  resolve("late")
  await expect(unlessAborted(work, stop.signal)).resolves.toBe("late")
  await expect(unlessAborted(new Promise(() => {}), stop.signal)).rejects.toThrow("enough")
  expect(await unlessAborted(work, undefined)).toBe("late")
})
