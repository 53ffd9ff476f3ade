/** A command as a shell completes it. */
export interface CompletedCommand {
  readonly name: string;
  readonly description: string;
  readonly flags: readonly CompletedFlag[];
}

export interface CompletedFlag {
  /** `-o`, `--out` */
  readonly names: readonly string[];
  readonly description: string;
  /** What its value may be; empty where any text may. */
  readonly values: readonly string[];
  readonly takesValue: boolean;
}

const namesOf = ({ flags }: CompletedCommand): readonly string[] => flags.flatMap(({ names }) => names);

/** bash takes a colon for the end of a word, so that what stands before it is taken off again. */
export function bashScript(commands: readonly CompletedCommand[]): string {
  const cases = commands.flatMap((command) => [
    ...valueCases(command),
    `    ${command.name}:*) words="${namesOf(command).join(' ')}" ;;`,
  ]);
  return `# bash completion for reverie: eval "$(reverie completion bash)"
_reverie() {
  local line=\${COMP_LINE:0:COMP_POINT} command previous current words
  current=\${line##* }
  read -r _ command _ <<< "$line"
  previous=\${line% *}; previous=\${previous##* }
  if [[ "\${line#* }" == "$current" ]]; then words="${commands.map(({ name }) => name).join(' ')}"
  else case "$command:$previous" in
${cases.join('\n')}
  esac; fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  if [[ "$current" == *:* && "$COMP_WORDBREAKS" == *:* ]]; then
    local before=\${current%"\${current##*:}"}
    COMPREPLY=("\${COMPREPLY[@]#"$before"}")
  fi
}
complete -o default -F _reverie reverie
`;
}

function valueCases({ name, flags }: CompletedCommand): readonly string[] {
  return flags
    .filter(({ takesValue }) => takesValue)
    .map(
      ({ names, values }) => `    ${names.map((flag) => `${name}:${flag}`).join('|')}) words="${values.join(' ')}" ;;`,
    );
}

export function zshScript(commands: readonly CompletedCommand[]): string {
  const described = commands.map(
    ({ name, description }) => `    '${quoted(name).replace(/:/g, '\\:')}:${quoted(description)}'`,
  );
  const cases = commands.map(
    ({ name, flags }) => `    ${name}) _arguments ${[...flags.map(zshFlag), "'*:file:_files'"].join(' \\\n      ')} ;;`,
  );
  return `#compdef reverie
# zsh completion for reverie: reverie completion zsh > "\${fpath[1]}/_reverie"
_reverie() {
  local -a commands=(
${described.join('\n')}
  )
  if (( CURRENT == 2 )); then _describe command commands; return; fi
  local command=$words[2]
  shift words; (( CURRENT-- ))
  case "$command" in
${cases.join('\n')}
  esac
}
if [[ "$funcstack[1]" == _reverie ]]; then _reverie "$@"; else compdef _reverie reverie; fi
`;
}

function zshFlag({ names, description, values, takesValue }: CompletedFlag): string {
  const said = quoted(description).replace(/([[\]:])/g, '\\$1');
  const value = !takesValue ? '' : values.length > 0 ? `:value:(${values.join(' ')})` : ':value:_files';
  const spelled = names.length > 1 ? `'(${names.join(' ')})'{${names.join(',')}}` : `'${names[0]}'`;
  return `${spelled}'[${said}]${value}'`;
}

export function fishScript(commands: readonly CompletedCommand[]): string {
  const lines = commands.flatMap(({ name, description, flags }) => [
    `complete -c reverie -n __fish_use_subcommand -f -a '${name}' -d '${quoted(description)}'`,
    ...flags.map((flag) => `complete -c reverie -n '__fish_seen_subcommand_from ${name}' ${fishFlag(flag)}`),
  ]);
  return `# fish completion for reverie: reverie completion fish > ~/.config/fish/completions/reverie.fish\n${lines.join('\n')}\n`;
}

function fishFlag({ names, description, values, takesValue }: CompletedFlag): string {
  const spelled = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  const value = !takesValue ? [] : values.length > 0 ? ['-x', `-a '${values.join(' ')}'`] : ['-r'];
  return [...spelled, ...value, `-d '${quoted(description)}'`].join(' ');
}

const quoted = (text: string): string => text.replace(/'/g, '’');
