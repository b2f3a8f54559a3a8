import { expect, test } from "bun:test"
import { gather, type Reaching } from "../../src/install/gather.ts"

/** Answers by address; an address without an answer is one that nobody may ask. */
function reaching(answers: Readonly<Record<string, () => Response>>): Reaching & { readonly asked: string[] } {
  const asked: string[] = []
  return {
    asked,
    async fetched(url) {
      asked.push(url)
      const answer = answers[url]
      if (answer === undefined) throw new Error("nobody is there")
      return answer()
    },
    clone: () => Promise.reject(new Error("no repository")),
    ...{ registry: "https://npm.example.org", temporary: "/tmp" },
  }
}
const to = (location: string) => () => new Response(null, { status: 302, headers: { location } })

test("an archive is got over what is encrypted alone, wherever its address leads", async () => {
  const plain = reaching({})
  const got = gather({ kind: "archive", url: "http://example.org/a.zip" }, plain)
  await expect(got).rejects.toThrow("it is not encrypted. Use https.")
  expect(plain.asked).toEqual([])

  const led = reaching({ "https://example.org/a.zip": to("http://elsewhere.example.org/a.zip") })
  const followed = gather({ kind: "archive", url: "https://example.org/a.zip" }, led)
  await expect(followed).rejects.toThrow("Cannot get http://elsewhere.example.org/a.zip: it is not encrypted.")
  expect(led.asked).toEqual(["https://example.org/a.zip"])

  const round = reaching({ "https://example.org/a.zip": to("/a.zip") })
  await expect(gather({ kind: "archive", url: "https://example.org/a.zip" }, round)).rejects.toThrow(
    "more than 5 times",
  )
})
