import { join } from "node:path"
import ts from "typescript-5"
import { probeText, protocolTypes } from "./protocol-types.ts"

/** The declarations of the SDK by their file names: its own, and one with all that they say of the protocol. */
export function sdkTypes(root: string): ReadonlyMap<string, string> {
  const [sources, protocol] = [join(root, "packages/sdk/src"), join(root, "packages/protocol/src")]
  // No such file is on disk.
  const probe = { path: join(root, "packages/probe.ts"), text: probeText(join(protocol, "index.ts")) }
  const program = programOf(root, join(sources, "index.ts"), probe)
  const emitted = new Map<string, string>()
  program.emit(undefined, (path, text) => {
    if (path.startsWith(`${sources}/`)) emitted.set(path.slice(sources.length + 1), text)
  })
  const [files, wanted] = [new Map<string, string>(), new Set<string>()]
  const waiting = ["index.d.ts"]
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const text = emitted.get(name)
    if (text === undefined) throw new Error(`The compiler wrote no ${name}`)
    files.set(name, own(text, wanted))
    for (const [, beside] of text.matchAll(/from "\.\/([^"]*)\.ts"/g))
      if (!files.has(`${beside}.d.ts`)) waiting.push(`${beside}.d.ts`)
  }
  files.set("protocol.d.ts", `${protocolTypes({ program, folder: protocol, probe: probe.path }, [...wanted])}\n`)
  return files
}

/** With what it takes of the protocol taken from the file beside it. */
function own(text: string, wanted: Set<string>): string {
  return text
    .replace(/from "(\.[^"]*)\.ts"/g, 'from "$1.js"')
    .replace(/\{([^{}]*)\} from "@skein\/protocol[^"]*"/g, (_, names: string) => {
      for (const [name] of names.replaceAll("type ", "").matchAll(/\w+/g)) wanted.add(name)
      return `{${names}} from "./protocol.js"`
    })
}

function programOf(root: string, entry: string, probe: { readonly path: string; readonly text: string }): ts.Program {
  const { config } = ts.readConfigFile(join(root, "tsconfig.base.json"), ts.sys.readFile)
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root)
  const asked: ts.CompilerOptions = {
    ...options,
    ...{ noEmit: false, declaration: true, emitDeclarationOnly: true, stripInternal: true, rootDir: root },
    types: ["bun"],
    typeRoots: [join(root, "node_modules/@types")],
  }
  const host = ts.createCompilerHost(asked)
  const [read, has, source] = [host.readFile, host.fileExists, host.getSourceFile]
  host.readFile = (path) => (path === probe.path ? probe.text : read(path))
  host.fileExists = (path) => path === probe.path || has(path)
  host.getSourceFile = (path, version, ...rest) =>
    path === probe.path ? ts.createSourceFile(path, probe.text, version, true) : source(path, version, ...rest)
  return ts.createProgram([entry, probe.path], asked, host)
}
