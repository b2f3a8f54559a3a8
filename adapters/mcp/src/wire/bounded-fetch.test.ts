import { expect, test } from "bun:test"
import { boundedFetch } from "./bounded-fetch.ts"

const answering = (body: string, type: string) =>
  boundedFetch(async () => new Response(body, { headers: { "content-type": type }, status: 201 }), 20)
const read = async (body: string, type: string) =>
  (await answering(body, type)("https://a.example")).text().catch((error: Error) => error.message)

test("an answer of more than the bound ends in an error, and one within it is as it was", async () => {
  expect(await read("12345678901234567890", "application/json")).toBe("12345678901234567890")
  expect(await read("123456789012345678901", "application/json")).toContain("more than")
  const whole = await answering("ok", "text/plain")("https://a.example")
  expect([whole.status, whole.headers.get("content-type")]).toEqual([201, "text/plain"])
})

test("a stream may go on as long as its events end", async () => {
  const events = "data: 123456\n\ndata: 123456\r\n\r\n\ndata: 123\n\ndata: 123\n\n"
  expect(await read(events, "text/event-stream; charset=utf-8")).toBe(events)
  expect(await read("data: 1\n\ndata: 12345\r\ndata: 123456789\r\n", "text/event-stream")).toContain("more than")
})
