import pulumi from "@pulumi/eslint-plugin";
import tseslint from "typescript-eslint";

/** Imports flow one way: cli → stacks → components → contracts, stacks → protocols; errors and keys are leaves. */
function noImports(files, folders, why, but = []) {
  return {
    files,
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              group: [
                ...folders.flatMap((folder) => [
                  // What lies in a folder that is forbidden itself cannot be allowed.
                  ...(but.some((file) => file.startsWith(`${folder}/`)) ? [] : [`**/${folder}`]),
                  `**/${folder}/**`,
                ]),
                ...but.map((file) => `!**/${file}`),
              ],
              message: why,
            },
          ],
        },
      ],
    },
  };
}

/** Options in the place of arguments compile, and silently drop parent, provider and protect (style rule 36). */
const FOUR_ARGUMENT_SUPER = {
  selector:
    ":matches(ClassDeclaration,ClassExpression):matches([superClass.property.name='ComponentResource'],[superClass.name=/^(ComponentResource|TestnetComponent)$/]) CallExpression[callee.type='Super'][arguments.length!=4]",
  message: "super(type, name, args, opts): a component needs all four arguments.",
};

const NO_PROCESS_ENV = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message:
    "Environment variables are read in stacks/config, cli, tools and the provider plugin, and handed on.",
};

export default tseslint.config(
  { ignores: ["node_modules/", ".testnet/", "**/*.json"] },
  {
    files: ["**/*.ts"],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { "@pulumi": pulumi },
    rules: {
      "@pulumi/no-output-in-template-literal": "error",
      "@pulumi/no-output-instance-in-template-literal": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "@typescript-eslint/no-unnecessary-condition": "error",
      // Numbers and booleans read well in messages; objects do not.
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      // A `!` hides a question; `as` with a reason beside it answers one.
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/non-nullable-type-assertion-style": "off",
      // Modules that are slow to load are required where they are needed.
      "@typescript-eslint/no-require-imports": "off",
      "@typescript-eslint/consistent-type-imports": ["error", { disallowTypeAnnotations: false }],
      // tsconfig's noPropertyAccessFromIndexSignature is not set; environment variables read better in brackets.
      "@typescript-eslint/dot-notation": "off",
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "no-restricted-syntax": ["error", FOUR_ARGUMENT_SUPER],
      curly: ["error", "multi-line"],
      eqeqeq: "error",
    },
  },
  {
    files: ["protocols/**/*.ts", "keys/**/*.ts", "errors/**/*.ts", "stacks/*.ts", "components/**/*.ts"],
    ignores: ["components/local/provider/**"],
    rules: { "no-restricted-syntax": ["error", FOUR_ARGUMENT_SUPER, NO_PROCESS_ENV] },
  },
  noImports(
    ["errors/**/*.ts"],
    ["protocols", "keys", "components", "stacks", "cli", "tools"],
    "errors/ is a leaf.",
  ),
  noImports(
    ["protocols/**/*.ts"],
    ["@pulumi/pulumi", "keys", "components", "stacks", "cli", "tools", "node:*"],
    "protocols/ is pure: no Pulumi, no effects.",
  ),
  noImports(
    ["keys/**/*.ts"],
    ["@pulumi/pulumi", "components", "stacks", "cli", "tools"],
    "keys/ knows the plan's types only.",
  ),
  noImports(
    ["components/**/*.ts"],
    ["stacks", "cli", "protocols/ethereum", "protocols/mina", "protocols/network"],
    "components/ meet the protocols at the types of protocols/plan.ts only.",
  ),
  noImports(
    ["components/*.ts", "components/images/**/*.ts"],
    ["stacks", "cli", "simulator", "protocols", "@pulumi/aws", "@pulumi/gcp"],
    "What the clouds share names none of them.",
  ),
  noImports(
    ["components/aws/**/*.ts"],
    ["stacks", "cli", "simulator", "protocols", "gcp", "local", "@pulumi/gcp"],
    "A cloud knows its own folder, components/kubernetes and the contracts.",
  ),
  noImports(
    ["components/gcp/**/*.ts"],
    ["stacks", "cli", "simulator", "protocols", "aws", "local", "@pulumi/aws"],
    "A cloud knows its own folder, components/kubernetes and the contracts.",
  ),
  noImports(
    ["components/kubernetes/**/*.ts"],
    ["stacks", "cli", "simulator", "aws", "gcp", "local", "@pulumi/aws", "@pulumi/gcp"],
    "components/kubernetes is the same on every cloud.",
  ),
  noImports(
    ["stacks/**/*.ts"],
    ["cli", "tools", "keys", "simulator", "@pulumi/aws", "@pulumi/gcp", "components/aws", "components/gcp"],
    "stacks/ know nothing of the CLI, clouds by the contracts only (components/clouds.ts), and keys by their public parts.",
    ["keys/keyring"],
  ),
  noImports(
    ["manifests/**/*.ts"],
    ["protocols", "keys", "components", "stacks", "cli", "tools", "simulator"],
    "manifests/ know Kubernetes only.",
  ),
  noImports(
    ["plugin/**/*.ts"],
    ["protocols", "keys", "components", "stacks", "cli", "tools", "simulator"],
    "plugin/ speaks Pulumi's protocol for whoever provides.",
  ),
  noImports(
    ["simulator/**/*.ts"],
    ["protocols", "keys", "components", "stacks", "cli"],
    "simulator/ stands in for the clouds: it must not know the program.",
  ),
  noImports(
    ["policy/**/*.ts"],
    ["protocols", "keys", "components", "stacks", "cli", "tools", "simulator"],
    "policy/ is a pack of its own: Pulumi runs it without the program.",
  ),
  noImports(["tools/**/*.ts"], ["components", "stacks", "cli", "keys"], "tools/ stand alone."),
  {
    files: ["test/**/*.ts", "bench/**/*.ts"],
    rules: {
      "@typescript-eslint/no-floating-promises": "off",
      "@typescript-eslint/no-non-null-assertion": "off",
    },
  },
);
