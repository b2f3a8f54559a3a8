import type { JsonSchema } from "./input/lenient.ts"

/**
 * The built-in tools' inputs as JSON Schema, generated from their zod schemas by `scripts/schemas.ts`: building them at
 * start would cost more than starting. A test compares the two.
 */
export const SCHEMAS: Readonly<Record<string, JsonSchema>> = {
  read: {
    type: "object",
    properties: {
      path: { type: "string" },
      offset: { type: "integer", minimum: 1 },
      limit: { type: "integer", minimum: 1 },
    },
    required: ["path"],
    additionalProperties: false,
  },
  write: {
    type: "object",
    properties: { path: { type: "string" }, content: { type: "string" } },
    required: ["path", "content"],
    additionalProperties: false,
  },
  edit: {
    type: "object",
    properties: {
      path: { type: "string" },
      oldText: { type: "string" },
      newText: { type: "string" },
      replaceAll: { type: "boolean" },
    },
    required: ["path", "oldText", "newText"],
    additionalProperties: false,
  },
  multiedit: {
    type: "object",
    properties: {
      path: { type: "string" },
      edits: {
        minItems: 1,
        type: "array",
        items: {
          type: "object",
          properties: {
            path: { type: "string" },
            oldText: { type: "string" },
            newText: { type: "string" },
            replaceAll: { type: "boolean" },
          },
          required: ["oldText", "newText"],
          additionalProperties: false,
        },
      },
    },
    required: ["edits"],
    additionalProperties: false,
  },
  glob: {
    type: "object",
    properties: {
      pattern: { type: "string", minLength: 1, maxLength: 1000 },
      path: { default: ".", type: "string" },
      hidden: { default: false, description: "also dotfiles", type: "boolean" },
    },
    required: ["pattern"],
    additionalProperties: false,
  },
  grep: {
    type: "object",
    properties: {
      pattern: { type: "string", minLength: 1, maxLength: 4000 },
      path: { default: ".", type: "string" },
      glob: { description: "only these files: *.ts", type: "string", maxLength: 1000 },
      ignoreCase: { default: false, type: "boolean" },
      literal: { default: false, type: "boolean" },
      context: { default: 0, type: "integer", minimum: 0, maximum: 20 },
      mode: { default: "content", type: "string", enum: ["content", "files", "count"] },
      hidden: { default: false, type: "boolean" },
    },
    required: ["pattern"],
    additionalProperties: false,
  },
  list: {
    type: "object",
    properties: {
      path: { default: ".", type: "string" },
      limit: { default: 500, type: "integer", minimum: 1, maximum: 2000 },
    },
    additionalProperties: false,
  },
  tree: {
    type: "object",
    properties: {
      path: { default: ".", type: "string" },
      depth: { default: 3, type: "integer", minimum: 1, maximum: 20 },
      limit: { default: 400, type: "integer", minimum: 1, maximum: 2000 },
    },
    additionalProperties: false,
  },
  bash: {
    type: "object",
    properties: {
      command: { type: "string", minLength: 1, maxLength: 100000 },
      timeoutMs: { default: 120000, type: "integer", minimum: 1, maximum: 600000 },
    },
    required: ["command"],
    additionalProperties: false,
  },
  todo_write: {
    type: "object",
    properties: {
      todos: {
        type: "array",
        items: {
          type: "object",
          properties: {
            text: { type: "string", minLength: 1 },
            status: { type: "string", enum: ["pending", "in_progress", "completed"] },
          },
          required: ["text", "status"],
          additionalProperties: false,
        },
      },
    },
    required: ["todos"],
    additionalProperties: false,
  },
  plan: { type: "object", properties: { plan: { type: "string" } }, required: ["plan"], additionalProperties: false },
  undo: {
    type: "object",
    properties: { calls: { default: 1, type: "integer", minimum: 1, maximum: 50 } },
    additionalProperties: false,
  },
  sessions: {
    type: "object",
    properties: {
      find: { type: "string", minLength: 1, maxLength: 500 },
      read: { type: "string" },
      limit: { default: 10, type: "integer", minimum: 1, maximum: 50 },
    },
    additionalProperties: false,
  },
  apply_patch: {
    type: "object",
    properties: {
      patch: {
        type: "string",
        description:
          '"*** Begin Patch", then per file "*** Add File: p" with "+" lines, "*** Delete File: p", or "*** Update File: p", optionally "*** Move to: q", and chunks: "@@" or "@@ a line above", then lines with " ", "-" or "+" before them; last "*** End Patch". Operations before one that fails hold. Of a unified diff all or nothing is done.',
      },
    },
    required: ["patch"],
    additionalProperties: false,
  },
  diff: {
    type: "object",
    properties: {
      path: { default: ".", type: "string" },
      other: { description: "the file that path is compared with: its lines are the + lines", type: "string" },
      against: {
        default: "head",
        description: "without other: git's HEAD, or what this session's calls found",
        type: "string",
        enum: ["head", "start"],
      },
    },
    additionalProperties: false,
  },
  file_info: {
    type: "object",
    properties: { path: { type: "string" } },
    required: ["path"],
    additionalProperties: false,
  },
  head_tail: {
    type: "object",
    properties: {
      path: { type: "string" },
      head: { default: 20, description: "lines from the start", type: "integer", minimum: 0, maximum: 500 },
      tail: { default: 20, description: "lines from the end", type: "integer", minimum: 0, maximum: 500 },
    },
    required: ["path"],
    additionalProperties: false,
  },
  redo: { type: "object", properties: {}, additionalProperties: false },
  confirm_edit: {
    type: "object",
    properties: {
      path: { type: "string" },
      oldText: { type: "string" },
      newText: { type: "string" },
      replaceAll: { type: "boolean" },
      hunks: {
        description: "for the person who answers: only these hunks of the diff, from 1",
        type: "array",
        items: { type: "integer", minimum: 1 },
      },
    },
    required: ["path", "oldText", "newText"],
    additionalProperties: false,
  },
  confirm_multiedit: {
    type: "object",
    properties: {
      path: { type: "string" },
      edits: {
        minItems: 1,
        type: "array",
        items: {
          type: "object",
          properties: {
            path: { type: "string" },
            oldText: { type: "string" },
            newText: { type: "string" },
            replaceAll: { type: "boolean" },
          },
          required: ["oldText", "newText"],
          additionalProperties: false,
        },
      },
      hunks: {
        description: "for the person who answers: only these hunks of the diff, from 1",
        type: "array",
        items: { type: "integer", minimum: 1 },
      },
    },
    required: ["edits"],
    additionalProperties: false,
  },
  advanced_edit: {
    type: "object",
    properties: {
      pattern: { type: "string", minLength: 1, maxLength: 10000, description: "`if ($A) { return $B }`" },
      rewrite: { type: "string", maxLength: 10000 },
      path: { default: ".", description: "a file or folder", type: "string" },
      language: {
        description: "typescript, tsx, javascript, python, go, rust, java, ruby, c, css; a file tells it",
        type: "string",
      },
      dryRun: { default: false, description: "show the diff, write nothing", type: "boolean" },
    },
    required: ["pattern"],
    additionalProperties: false,
  },
}
