package io.funes.cli;

import java.util.List;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Help.IParamLabelRenderer;
import picocli.CommandLine.IHelpFactory;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/** Help shows {@code --max N}, as the examples do; the parser takes {@code --max=N} as well. */
final class HelpLayout implements IHelpFactory {
  private static final IParamLabelRenderer LABELS =
      new IParamLabelRenderer() {
        @Override
        public Ansi.Text renderParameterLabel(ArgSpec arg, Ansi ansi, List<Ansi.IStyle> styles) {
          boolean flag = arg.isOption() && arg.arity().max() == 0;
          return ansi.text(flag ? "" : (arg.isOption() ? " " : "") + arg.paramLabel());
        }

        @Override
        public String separator() {
          return " ";
        }
      };

  @Override
  public Help create(CommandSpec spec, ColorScheme colors) {
    return new Help(spec, colors) {
      @Override
      public IParamLabelRenderer parameterLabelRenderer() {
        return LABELS;
      }
    };
  }
}
