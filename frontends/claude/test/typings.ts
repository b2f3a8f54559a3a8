import { readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

/** The typings of the SDK that is installed, without its comments. */
export function typings(): string {
  const module = fileURLToPath(import.meta.resolve("@anthropic-ai/claude-agent-sdk"))
  return readFileSync(join(dirname(module), "sdk.d.ts"), "utf8").replaceAll(/\/\*[\s\S]*?\*\//g, "")
}

/** Everything that a program can use of them, by id: `option.agents`, `query.setModel`, `hook.Stop` … */
export function surfaceIds(text: string): readonly string[] {
  const ids = [
    ...keys(text, /^export declare type Options = \{$/m).map((name) => `option.${name}`),
    ...methods(text, /^export declare interface Query extends .*\{$/m).map((name) => `query.${name}`),
    ...words(text, "HookEvent").map((name) => `hook.${name}`),
    ...names(text, "SDKMessage").map((name) => `message.${name.replace(/^SDK|Message$/g, "")}`),
    ...names(text, "SDKControlRequestInner").map((name) => `control.${subtypeOf(text, name)}`),
    ...[...text.matchAll(/^export declare function (\w+)/gm)].map(([, name]) => `function.${name}`),
  ]
  return [...new Set(ids)]
}

function bodyOf(text: string, head: RegExp): string {
  const found = head.exec(text)
  if (found === null) throw new Error(`The typings have no ${head}`)
  const from = found.index + found[0].length
  return text.slice(from, text.indexOf("\n}", from))
}

function keys(text: string, head: RegExp): readonly string[] {
  return [...bodyOf(text, head).matchAll(/^ {4}(\w+)\??:/gm)].map(([, name]) => String(name))
}

function methods(text: string, head: RegExp): readonly string[] {
  return [...bodyOf(text, head).matchAll(/^ {4}(\w+)\(/gm)].map(([, name]) => String(name))
}

function unionOf(text: string, name: string): string {
  const found = new RegExp(`^(?:export )?declare type ${name} = (.*);$`, "m").exec(text)
  if (found?.[1] === undefined) throw new Error(`The typings have no ${name}`)
  return found[1]
}

function words(text: string, name: string): readonly string[] {
  return [...unionOf(text, name).matchAll(/'(\w+)'/g)].map(([, word]) => String(word))
}

function names(text: string, name: string): readonly string[] {
  return unionOf(text, name).split(" | ")
}

function subtypeOf(text: string, name: string): string {
  const body = bodyOf(text, new RegExp(`^(?:export )?declare type ${name} = \\{$`, "m"))
  return /subtype: '(\w+)'/.exec(body)?.[1] ?? name
}

export function installedVersion(): string {
  const module = fileURLToPath(import.meta.resolve("@anthropic-ai/claude-agent-sdk"))
  return JSON.parse(readFileSync(join(dirname(module), "package.json"), "utf8")).version
}
