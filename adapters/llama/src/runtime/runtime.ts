import { existsSync } from "node:fs"
import { join } from "node:path"

/** llama.cpp for one platform, as a package of npm: only its own libraries are taken, and none of its code is run. */
export interface RuntimePackage {
  readonly name: string
  readonly version: string
  /** The folder of the libraries in the package. */
  readonly folder: string
  /** Of the package, as npm has it: `sha512-…`. Pinned, so that a registry can give nothing else. */
  readonly integrity: string
  /** How much it takes on disk, for whoever is asked. */
  readonly bytes: number
}

const VERSION = "3.22.1"

/** By `platform-arch`. */
const PACKAGES: Readonly<Record<string, RuntimePackage>> = {
  "linux-x64": {
    ...{ name: "@node-llama-cpp/linux-x64", version: VERSION, folder: "package/bins/linux-x64", bytes: 30_400_000 },
    integrity: "sha512-5uCCDNqWCNfaAm8aR/Uzxbo4HBpKgNF91kCHPepKhgMgV2OAmatoefbOlMihsqCiH2Od35E/eUHQCFbfRBJuOg==",
  },
  "linux-arm64": {
    ...{ name: "@node-llama-cpp/linux-arm64", version: VERSION, folder: "package/bins/linux-arm64", bytes: 30_000_000 },
    integrity: "sha512-W+7naKCXX9/eEjjFmRS8vvx91QyLXDbeFexxZc3bh/PtQABZgmRL3C0AtYYXn4YGTj/3Qor4lWZn2tpjZFPLdQ==",
  },
}

/** Undefined for a platform that llama.cpp is not brought to. */
export function runtimePackage(platform: string, arch: string): RuntimePackage | undefined {
  return PACKAGES[`${platform}-${arch}`]
}

export interface RuntimePlaces {
  readonly dataDir: string
  /** The folder of the program that runs: one may ship the libraries beside it. */
  readonly programDir: string
}

/** Where the libraries are put when they are installed. */
export function runtimeFolder({ dataDir }: RuntimePlaces): string {
  return join(dataDir, "runtime", `llama-${VERSION}`)
}

/** Where the libraries are: beside the program, or installed. Undefined when they are nowhere. */
export function foundRuntime(places: RuntimePlaces): string | undefined {
  const beside = join(places.programDir, `llama-${VERSION}`)
  return [beside, runtimeFolder(places)].find((folder) => existsSync(join(folder, "llama-addon.node")))
}
