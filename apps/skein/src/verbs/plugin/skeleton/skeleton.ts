import TEST from "./index.test.txt" with { type: "text" }
import MODULE from "./index.txt" with { type: "text" }
import API from "./skein-extension.txt" with { type: "text" }

/** The files of a new plugin by their paths. It works as it is, and its types need nothing that is not among them. */
export function skeleton(name: string, hasExtension: boolean): Readonly<Record<string, string>> {
  const manifest = { name, version: "0.1.0", description: "What it is for, in a sentence" }
  if (!hasExtension)
    return {
      "skein-plugin.json": page(manifest),
      "commands/hello.md": "---\ndescription: Say hello\n---\nSay hello to $ARGUMENTS.\n",
    }
  return {
    "skein-plugin.json": page({ ...manifest, extensions: ["./extension/index.ts"], capabilities: [] }),
    "tsconfig.json": page(TYPES),
    "extension/index.ts": MODULE,
    "extension/index.test.ts": TEST,
    "extension/skein-extension.ts": API,
  }
}

/** Editors, and tests outside of skein, find the API in the file beside the module. */
const TYPES = {
  compilerOptions: {
    ...{ target: "esnext", module: "esnext", moduleResolution: "bundler", strict: true, noEmit: true },
    ...{ allowImportingTsExtensions: true, types: ["bun"] },
    paths: { "@skein/extension": ["./extension/skein-extension.ts"] },
  },
  include: ["extension"],
}

function page(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`
}
