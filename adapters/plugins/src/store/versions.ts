/** Whether a version comes before another; undefined where they are no versions that have an order. (Semantic Versioning 2.0.0.) */
export function isOlder(version: string, than: string): boolean | undefined {
  if (!SEMVER.test(version) || !SEMVER.test(than)) return undefined
  return Bun.semver.order(version, than) < 0
}

const SEMVER = /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/
