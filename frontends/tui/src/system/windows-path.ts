/** `C:\Users\me\a.png` as Linux inside Windows sees it; undefined for what is no path of Windows. */
export function windowsPath(path: string): string | undefined {
  const [, drive, below = ""] = /^([a-z]):[\\/](.*)$/is.exec(path) ?? []
  if (drive !== undefined) return `/mnt/${drive.toLowerCase()}/${below.replaceAll("\\", "/")}`
  // A path of Linux, as Windows sees it.
  const own = /^\\\\wsl(?:\.localhost|\$)\\[^\\]+\\(.*)$/is.exec(path)?.[1]
  return own === undefined ? undefined : `/${own.replaceAll("\\", "/")}`
}
