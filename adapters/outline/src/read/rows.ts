import { type Language, languageOf } from "@skein/grammars"

/** What a language's grammar calls things. A capture is named for the kind of definition; `@name` is its name. */
export interface LanguageRow {
  readonly definitions: string
  /** `@callee`: the name that is called. */
  readonly calls: string
  /** `@from`: what is imported, as it is written. */
  readonly imports: string
  /** Names of one family mean each other: TypeScript's and JavaScript's, C's and C++'s. */
  readonly family: number
  /** Where a name may be one that is defined elsewhere; left out, anywhere. */
  readonly mention?: RegExp | undefined
  /** How a comment begins that goes to the end of its line. */
  readonly comment: "//" | "#"
  /** What the first line of something looks like that other files can name; left out, all can be named. */
  readonly isPublic?: RegExp | undefined
}

const SCRIPT: LanguageRow = {
  family: 1,
  definitions: `
    (function_declaration name: (_) @name) @function
    (generator_function_declaration name: (_) @name) @function
    (function_signature name: (_) @name) @function
    (class_declaration name: (_) @name) @class
    (abstract_class_declaration name: (_) @name) @class
    (interface_declaration name: (_) @name) @interface
    (type_alias_declaration name: (_) @name) @type
    (enum_declaration name: (_) @name) @enum
    (internal_module name: (_) @name) @module
    (method_definition name: (_) @name) @method
    (abstract_method_signature name: (_) @name) @method
    (variable_declarator name: (identifier) @name value: [(arrow_function) (function_expression)]) @function
    (public_field_definition name: (_) @name value: (arrow_function)) @method
    (program (lexical_declaration (variable_declarator name: (identifier) @name value: (_) @_value) @constant)
      (#not-match? @_value "^(async )?(\\\\(|function|[A-Za-z_$]+ =>)"))
    (program (export_statement (lexical_declaration (variable_declarator name: (identifier) @name value: (_) @_value) @constant))
      (#not-match? @_value "^(async )?(\\\\(|function|[A-Za-z_$]+ =>)"))`,
  calls: `
    (call_expression function: [(identifier) @callee (member_expression property: (_) @callee)])
    (new_expression constructor: [(identifier) @callee (member_expression property: (_) @callee)])
    (jsx_opening_element name: (identifier) @callee)
    (jsx_self_closing_element name: (identifier) @callee)`,
  imports: `
    (import_statement source: (string (string_fragment) @from))
    (export_statement source: (string (string_fragment) @from))
    (call_expression function: (import) arguments: (arguments (string (string_fragment) @from)))
    (call_expression function: (identifier) @_require arguments: (arguments (string (string_fragment) @from))
      (#eq? @_require "require"))`,
  comment: "//",
  isPublic: /^(export|declare)\b/,
  // Behind a dot or before a colon stands what an object has.
  mention: /(?<![.\w$])[A-Za-z_$][\w$]{2,79}(?![\w$]|\s*:)/g,
}

const C: LanguageRow = {
  family: 2,
  definitions: `
    (function_definition declarator: (function_declarator declarator: (identifier) @name)) @function
    (function_definition declarator: (pointer_declarator declarator: (function_declarator declarator: (identifier) @name))) @function
    (struct_specifier name: (_) @name body: (_)) @struct
    (union_specifier name: (_) @name body: (_)) @struct
    (enum_specifier name: (_) @name body: (_)) @enum
    (type_definition declarator: (type_identifier) @name) @type
    (preproc_function_def name: (_) @name) @macro
    (preproc_def name: (_) @name) @macro`,
  calls: "(call_expression function: [(identifier) @callee (field_expression field: (_) @callee)])",
  imports: "(preproc_include path: (_) @from)",
  comment: "//",
  isPublic: /^(?!static\b)/,
}

/** A language that has no row here has no outline: data and markup define nothing that others name. */
export const ROWS: Partial<Readonly<Record<Language, LanguageRow>>> = {
  bash: {
    family: 3,
    definitions: "(function_definition name: (_) @name) @function",
    calls: "(command name: (command_name (word) @callee))",
    imports: `(command name: (command_name (word) @_source) argument: (_) @from (#any-of? @_source "source" "."))`,
    comment: "#",
  },
  c: C,
  cpp: C,
  go: {
    family: 4,
    definitions: `
      (function_declaration name: (_) @name) @function
      (method_declaration name: (_) @name) @method
      (type_spec name: (_) @name) @type
      (type_alias name: (_) @name) @type
      (source_file (const_declaration (const_spec name: (_) @name) @constant))
      (source_file (var_declaration (var_spec name: (_) @name) @variable))`,
    calls: "(call_expression function: [(identifier) @callee (selector_expression field: (_) @callee)])",
    imports: "(import_spec path: (_) @from)",
    comment: "//",
    isPublic: /^(func (\([^)]*\) )?|type )?\p{Lu}/u,
  },
  java: {
    family: 5,
    definitions: `
      (class_declaration name: (_) @name) @class
      (interface_declaration name: (_) @name) @interface
      (enum_declaration name: (_) @name) @enum
      (record_declaration name: (_) @name) @class
      (annotation_type_declaration name: (_) @name) @interface
      (method_declaration name: (_) @name) @method
      (constructor_declaration name: (_) @name) @method`,
    calls: `
      (method_invocation name: (_) @callee)
      (object_creation_expression type: (type_identifier) @callee)`,
    imports: "(import_declaration (scoped_identifier) @from)",
    comment: "//",
  },
  javascript: SCRIPT,
  php: {
    family: 6,
    definitions: `
      (function_definition name: (_) @name) @function
      (class_declaration name: (_) @name) @class
      (interface_declaration name: (_) @name) @interface
      (trait_declaration name: (_) @name) @trait
      (enum_declaration name: (_) @name) @enum
      (method_declaration name: (_) @name) @method`,
    calls: `
      (function_call_expression function: (name) @callee)
      (member_call_expression name: (name) @callee)
      (scoped_call_expression name: (name) @callee)
      (object_creation_expression (name) @callee)`,
    imports: `
      (namespace_use_clause (qualified_name) @from)
      (require_once_expression (string) @from)
      (include_expression (string) @from)
      (require_expression (string) @from)`,
    comment: "//",
  },
  python: {
    family: 7,
    definitions: `
      (class_definition name: (_) @name) @class
      (function_definition name: (_) @name) @function
      (module (expression_statement (assignment left: (identifier) @name) @constant))`,
    calls: "(call function: [(identifier) @callee (attribute attribute: (_) @callee)])",
    imports: `
      (import_statement name: (dotted_name) @from)
      (import_statement name: (aliased_import name: (dotted_name) @from))
      (import_from_statement module_name: (_) @from)`,
    comment: "#",
    isPublic: /^(async )?(class |def )?(?!_[^_])/,
  },
  ruby: {
    family: 8,
    definitions: `
      (method name: (_) @name) @method
      (singleton_method name: (_) @name) @method
      (class name: (_) @name) @class
      (module name: (_) @name) @module
      (program (assignment left: (constant) @name) @constant)`,
    calls: "(call method: (_) @callee)",
    imports: `(call method: (identifier) @_require arguments: (argument_list (string (string_content) @from))
      (#any-of? @_require "require" "require_relative" "load"))`,
    comment: "#",
  },
  rust: {
    family: 9,
    definitions: `
      (function_item name: (_) @name) @function
      (function_signature_item name: (_) @name) @function
      (struct_item name: (_) @name) @struct
      (enum_item name: (_) @name) @enum
      (union_item name: (_) @name) @struct
      (trait_item name: (_) @name) @trait
      (type_item name: (_) @name) @type
      (const_item name: (_) @name) @constant
      (static_item name: (_) @name) @constant
      (mod_item name: (_) @name body: (_)) @module
      (macro_definition name: (_) @name) @macro
      (impl_item type: (_) @name) @impl`,
    calls: `
      (call_expression function: [(identifier) @callee (field_expression field: (_) @callee) (scoped_identifier name: (_) @callee)])
      (macro_invocation macro: (identifier) @callee)`,
    imports: `
      (use_declaration argument: (_) @from)
      (mod_item name: (_) @from !body)`,
    comment: "//",
    isPublic: /^(pub\b|macro_rules)/,
  },
  tsx: SCRIPT,
  typescript: SCRIPT,
}

/** Undefined for a file in a language without a row. */
export function rowFor(path: string): LanguageRow | undefined {
  const language = languageOf({ path })
  return language === undefined ? undefined : ROWS[language]
}
