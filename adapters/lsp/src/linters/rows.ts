import * as z from "@skein/protocol/schema"
import { type AnyLinter, defineLinter } from "./row.ts"

const SCRIPTS = [".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx"] as const
const at = () => z.int().min(1)

/** `eslint --format json`: https://eslint.org/docs/latest/use/formatters/#json */
const eslint = defineLinter({
  name: "eslint",
  extensions: [...SCRIPTS, ".vue", ".svelte"],
  configs: [
    ...["js", "mjs", "cjs", "ts", "mts", "cts"].map((end) => `eslint.config.${end}`),
    ...["", ".js", ".cjs", ".json", ".yml", ".yaml"].map((end) => `.eslintrc${end}`),
  ],
  configIn: { file: "package.json", pattern: /"eslintConfig"\s*:/ },
  program: "eslint",
  arguments: (files) => ["--format", "json", "--no-error-on-unmatched-pattern", "--", ...files],
  install: "npm install -D eslint",
  shape: () =>
    z.array(
      z.object({
        filePath: z.string(),
        messages: z.array(
          z.object({
            ruleId: z.string().nullish(),
            severity: z.number(),
            message: z.string(),
            line: at().nullish(),
            column: at().nullish(),
            endLine: at().nullish(),
            endColumn: at().nullish(),
          }),
        ),
      }),
    ),
  findings: (answer) =>
    answer.flatMap(({ filePath, messages }) =>
      messages.map(({ ruleId, severity, message, line, column, endLine, endColumn }) => ({
        ...{ file: filePath, line: line ?? 1, column: column ?? 1, isError: severity === 2, message },
        ...{ lineEnd: endLine ?? undefined, columnEnd: endColumn ?? undefined, code: ruleId ?? undefined },
      })),
    ),
})

/** `ruff check --output-format json`: https://docs.astral.sh/ruff/settings/#output-format */
const ruff = defineLinter({
  name: "ruff",
  extensions: [".py", ".pyi"],
  configs: ["ruff.toml", ".ruff.toml"],
  configIn: { file: "pyproject.toml", pattern: /^\s*\[tool\.ruff\b/m },
  program: "ruff",
  arguments: (files) => [
    "check",
    "--output-format",
    "json",
    "--no-cache",
    "--force-exclude",
    "--exit-zero",
    "--",
    ...files,
  ],
  install: "pip install ruff",
  shape: () => {
    const place = z.object({ row: at(), column: at() })
    return z.array(
      z.object({
        filename: z.string(),
        code: z.string().nullish(),
        message: z.string(),
        location: place,
        end_location: place,
      }),
    )
  },
  findings: (answer) =>
    answer.map(({ filename, code, message, location, end_location: end }) => ({
      ...{ file: filename, line: location.row, column: location.column, lineEnd: end.row, columnEnd: end.column },
      // It has no severities. What is no Python, or names what is not there, fails when it runs.
      ...{ isError: code === null || code === undefined || /^(F|E9|invalid-syntax)/.test(code), message },
      code: code ?? undefined,
    })),
})

/** `biome lint --reporter=json`: https://biomejs.dev/reference/reporters/#json */
const biome = defineLinter({
  name: "biome",
  extensions: [...SCRIPTS, ".json", ".jsonc", ".css"],
  configs: ["biome.json", "biome.jsonc", ".biome.json", ".biome.jsonc"],
  program: "biome",
  arguments: (files) => [
    "lint",
    "--reporter=json",
    "--max-diagnostics=200",
    "--no-errors-on-unmatched",
    "--",
    ...files,
  ],
  install: "npm install -D @biomejs/biome",
  shape: () => {
    const place = z.object({ line: at(), column: at() })
    const file = z.union([z.string(), z.object({ file: z.string() }).transform(({ file: name }) => name)])
    return z.object({
      diagnostics: z.array(
        z.object({
          category: z.string().nullish(),
          severity: z.string(),
          description: z.string().optional(),
          message: z.union([z.string(), z.array(z.unknown()).transform(() => undefined)]).optional(),
          location: z.object({ path: file.nullish(), start: place.optional(), end: place.optional() }),
        }),
      ),
    })
  },
  findings: ({ diagnostics }) =>
    diagnostics.flatMap(({ category, severity, description, message, location: { path, start, end } }) =>
      path === null || path === undefined
        ? []
        : [
            {
              ...{ file: path, line: start?.line ?? 1, column: start?.column ?? 1 },
              ...{ lineEnd: end?.line, columnEnd: end?.column, code: category ?? undefined },
              ...{ isError: severity === "error" || severity === "fatal", message: message ?? description ?? "" },
            },
          ],
    ),
})

/** `stylelint --formatter json`: https://stylelint.io/user-guide/options/#formatter */
const stylelint = defineLinter({
  name: "stylelint",
  extensions: [".css", ".scss", ".sass", ".less", ".vue", ".svelte"],
  configs: [
    ...["js", "mjs", "cjs", "ts"].map((end) => `stylelint.config.${end}`),
    ...["", ".js", ".mjs", ".cjs", ".json", ".yml", ".yaml"].map((end) => `.stylelintrc${end}`),
  ],
  configIn: { file: "package.json", pattern: /"stylelint"\s*:\s*\{/ },
  program: "stylelint",
  arguments: (files) => ["--formatter", "json", "--allow-empty-input", "--", ...files],
  install: "npm install -D stylelint",
  shape: () =>
    z.array(
      z.object({
        source: z.string().nullish(),
        warnings: z.array(
          z.object({
            line: at().nullish(),
            column: at().nullish(),
            endLine: at().nullish(),
            endColumn: at().nullish(),
            rule: z.string().nullish(),
            severity: z.string().nullish(),
            text: z.string(),
          }),
        ),
      }),
    ),
  findings: (answer) =>
    answer.flatMap(({ source, warnings }) =>
      source === null || source === undefined
        ? []
        : warnings.map(({ line, column, endLine, endColumn, rule, severity, text }) => ({
            ...{ file: source, line: line ?? 1, column: column ?? 1, isError: severity !== "warning", message: text },
            ...{ lineEnd: endLine ?? undefined, columnEnd: endColumn ?? undefined, code: rule ?? undefined },
          })),
    ),
})

export const LINTER_ROWS: readonly AnyLinter[] = [eslint, ruff, biome, stylelint]
