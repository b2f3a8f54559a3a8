import { expect, test } from "bun:test"
import { fileLinks } from "./file-links.ts"

test("the name of a file that is known leads to it, and no other name anywhere", () => {
  const linkOf = fileLinks(() => ({ cwd: "/srv/my shop", files: ["src/", "src/x.ts", "src/é#.ts"] }))
  const named = (path: string, from?: number, to?: number) =>
    linkOf(path, from === undefined ? undefined : { from, to })
  expect(named("src/x.ts")).toBe("file:///srv/my%20shop/src/x.ts")
  expect(named("./src/x.ts", 18)).toBe("file:///srv/my%20shop/src/x.ts#L18")
  expect(named("src/x.ts", 10, 20)).toBe("file:///srv/my%20shop/src/x.ts#L10-L20")
  expect(named("src/x.ts", 10, 10)).toBe("file:///srv/my%20shop/src/x.ts#L10")
  expect(named("/srv/my shop/src/x.ts")).toBe("file:///srv/my%20shop/src/x.ts")
  expect(named("src/é#.ts")).toBe("file:///srv/my%20shop/src/%C3%A9%23.ts")
  for (const path of ["src/", "src", "x.ts", "/etc/passwd", "../src/x.ts", "src/../src/x.ts", "constructor"]) {
    expect(named(path)).toBeUndefined()
  }
  expect(fileLinks(() => ({ cwd: "/srv", files: undefined }))("src/x.ts", undefined)).toBeUndefined()
})
