/** Extended attributes of files: the runtime has no name for them. */
export async function attributeCalls() {
  const { dlopen } = await import("bun:ffi")
  const c = dlopen("libc.so.6", {
    setxattr: { args: ["ptr", "ptr", "ptr", "u64", "i32"], returns: "i32" },
    getxattr: { args: ["ptr", "ptr", "ptr", "u64"], returns: "i64" },
  }).symbols
  const text = (value: string) => Buffer.from(`${value}\0`)
  return {
    set: (path: string, name: string, value: string) =>
      c.setxattr(text(path), text(name), Buffer.from(value), value.length, 0) === 0,
    get(path: string, name: string) {
      const value = Buffer.alloc(100)
      return value.subarray(0, Number(c.getxattr(text(path), text(name), value, value.length))).toString()
    },
  }
}
