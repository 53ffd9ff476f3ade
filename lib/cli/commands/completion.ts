import { Argument, Command } from 'commander';
import { bashScript, fishScript, zshScript, type CompletedCommand } from '../completion-scripts.js';

const SHELLS = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;

/** `reverie completion bash|zsh|fish`: a script that completes commands and their flags, made from this very program. */
export function completionCommand(program: Command): Command {
  return new Command('completion')
    .description('print a script for the shell that completes commands and flags')
    .addArgument(new Argument('<shell>', 'which one').choices(Object.keys(SHELLS)))
    .action((shell: keyof typeof SHELLS) => {
      process.stdout.write(SHELLS[shell](program.commands.map(completed)));
    });
}

function completed(command: Command): CompletedCommand {
  return {
    name: command.name(),
    description: command.description(),
    flags: command
      .createHelp()
      .visibleOptions(command)
      .map(({ long, short, description, argChoices, required, optional }) => ({
        names: [short, long].filter((name): name is string => name !== undefined && name !== null),
        description,
        values: argChoices ?? [],
        takesValue: required || optional,
      })),
  };
}
