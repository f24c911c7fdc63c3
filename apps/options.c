// SPDX-License-Identifier: MIT
// Reads command lines by a subcommand's table of options, prints its help, and says what is wrong: values out
// of range, misspelt names with the nearest one, too many words. Used by every subcommand.
#include "apps/options.h"

#include "apps/apps.h"
#include "engine/base/diag.h"
#include "engine/base/text.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define OPTIONS_MAX 96 // in one table

// ---------------------------------------------------------------- help

static void print_default(const ParaOption *option, FILE *out)
{
    switch (option->kind) {
    case PARA_OPTION_INT:
        if (*(const int *)option->target >= option->low) // below: not set, the text says what holds then
            fprintf(out, " (default %d)", *(const int *)option->target);
        break;
    case PARA_OPTION_LONG:
        if ((double)*(const int64_t *)option->target >= option->low)
            fprintf(out, " (default %lld)", (long long)*(const int64_t *)option->target);
        break;
    case PARA_OPTION_SEED:
        fprintf(out, " (default %llu)", (unsigned long long)*(const uint64_t *)option->target);
        break;
    case PARA_OPTION_REAL:
        if (*(const double *)option->target >= option->low)
            para_text_print(out, " (default %.7g)", *(const double *)option->target);
        break;
    case PARA_OPTION_TEXT:
    case PARA_OPTION_CHOICE:
        if (*(const char *const *)option->target)
            fprintf(out, " (default %s)", *(const char *const *)option->target);
        break;
    case PARA_OPTION_FLAG:
    case PARA_OPTION_TEXTS:
        break;
    }
}

static void print_option(const ParaOption *option, FILE *out)
{
    char left[64] = "";
    snprintf(left, sizeof left, "%s%c%s--%s%s%s", option->letter ? "-" : " ",
             option->letter ? option->letter : ' ', option->letter ? ", " : "  ", option->name,
             option->value ? " " : "", option->value ? option->value : "");
    const char *list = strchr(option->about, '\n'); // of the choices, each on its line, below the default
    size_t sentence = list ? (size_t)(list - option->about) : strlen(option->about);
    fprintf(out, "  %-26s %.*s", left, (int)sentence, option->about);
    print_default(option, out);
    fprintf(out, "%s\n", list ? list : "");
}

void para_options_help(const ParaCommand *command, FILE *out)
{
    static const ParaOption help = {"help", 'h', PARA_OPTION_FLAG, NULL, NULL, "print this text", 0, 0, NULL};
    fprintf(out, "usage: paracosm %s %s\n\n%s\n\noptions:\n", command->name, command->usage, command->about);
    for (const ParaOption *option = command->options; option->name; option++)
        print_option(option, out);
    print_option(&help, out);
    fprintf(out, "\nexamples:\n%s\n", command->examples);
    if (command->notes)
        fprintf(out, "\n%s\n", command->notes);
}

// ---------------------------------------------------------------- values

static int read_whole(const ParaCommand *command, const ParaOption *option, const char *text, long long *out)
{
    char *end = NULL;
    errno = 0;
    *out = strtoll(text, &end, 10);
    if (end == text || *end != '\0')
        return para_app_misused(command->name, "--%s needs a whole number; got \"%s\"", option->name, text);
    if (errno == ERANGE || (double)*out < option->low || (double)*out > option->high)
        return para_app_misused(command->name, "--%s must be %.0f to %.0f; got %s", option->name, option->low,
                                option->high, text);
    return PARA_OPTIONS_GO;
}

static int read_real(const ParaCommand *command, const ParaOption *option, const char *text)
{
    const char *end = NULL;
    double value = para_text_number(text, &end);
    if (end == text || *end != '\0' || !isfinite(value))
        return para_app_misused(command->name, "--%s needs a number; got \"%s\"", option->name, text);
    if (value < option->low || value > option->high)
        return para_app_misused(command->name, "--%s must be %.15g to %.15g; got %s", option->name,
                                option->low, option->high, text);
    *(double *)option->target = value;
    return PARA_OPTIONS_GO;
}

static int read_seed(const ParaCommand *command, const ParaOption *option, const char *text)
{
    char *end = NULL;
    errno = 0;
    bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    unsigned long long value = strtoull(text, &end, hex ? 16 : 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno == ERANGE)
        return para_app_misused(command->name,
                                "--%s needs a number from 0 to 18446744073709551615; got \"%s\"",
                                option->name, text);
    *(uint64_t *)option->target = value;
    return PARA_OPTIONS_GO;
}

static int read_choice(const ParaCommand *command, const ParaOption *option, const char *text)
{
    int count = 0;
    char known[200] = "";
    for (; option->choices[count]; count++) {
        if (strcmp(option->choices[count], text) == 0) {
            *(const char **)option->target = text;
            return PARA_OPTIONS_GO;
        }
        size_t used = strlen(known);
        snprintf(known + used, sizeof known - used, "%s%s", count ? ", " : "", option->choices[count]);
    }
    if (option->choices == para_app_solver_choices && strcmp(text, "dream") == 0)
        return para_app_misused(command->name,
                                "--%s dream needs a model that dreams, and goes by commands of its own: see "
                                "paracosm dream --help",
                                option->name);
    const char *close = para_closest_word(text, option->choices, count);
    return para_app_misused(command->name, "--%s must be one of %s; got \"%s\"%s%s%s", option->name, known,
                            text, close ? "; did you mean \"" : "", close ? close : "", close ? "\"?" : "");
}

static int read_value(const ParaCommand *command, const ParaOption *option, const char *text)
{
    long long whole = 0;
    int code = PARA_OPTIONS_GO;
    switch (option->kind) {
    case PARA_OPTION_FLAG:
        break;
    case PARA_OPTION_INT:
        if ((code = read_whole(command, option, text, &whole)) == PARA_OPTIONS_GO)
            *(int *)option->target = (int)whole;
        break;
    case PARA_OPTION_LONG:
        if ((code = read_whole(command, option, text, &whole)) == PARA_OPTIONS_GO)
            *(int64_t *)option->target = whole;
        break;
    case PARA_OPTION_REAL:
        code = read_real(command, option, text);
        break;
    case PARA_OPTION_SEED:
        code = read_seed(command, option, text);
        break;
    case PARA_OPTION_CHOICE:
        code = read_choice(command, option, text);
        break;
    case PARA_OPTION_TEXT:
        if (text[0] == '\0')
            return para_app_misused(command->name, "--%s needs %s; got nothing", option->name, option->value);
        *(const char **)option->target = text;
        break;
    case PARA_OPTION_TEXTS: {
        ParaTexts *texts = option->target;
        if (texts->count == PARA_TEXTS_MAX)
            return para_app_misused(command->name, "--%s may be given at most %d times", option->name,
                                    PARA_TEXTS_MAX);
        texts->items[texts->count++] = text;
        break;
    }
    }
    return code;
}

// ---------------------------------------------------------------- reading

/// The name that begins most like `name`: at least half of it, four letters or more. NULL: none does.
static const char *alike_at_first(const char *name, const char *const *names, int count)
{
    const char *best = NULL;
    size_t most = 3, half = (strlen(name) + 1) / 2;
    for (int i = 0; i < count; i++) {
        size_t same = 0;
        while (name[same] && name[same] == names[i][same])
            same++;
        if (same > most && same >= half) {
            most = same;
            best = names[i];
        }
    }
    return best;
}

static int unknown_option(const ParaCommand *command, const char *name)
{
    const char *names[OPTIONS_MAX + 1];
    int count = 0;
    for (const ParaOption *option = command->options; option->name && count < OPTIONS_MAX; option++)
        names[count++] = option->name;
    names[count++] = "help";
    const char *close = para_closest_word(name, names, count);
    if (!close)
        close = alike_at_first(name, names, count);
    return para_app_misused(command->name, "unknown option --%s%s%s%s", name,
                            close ? "; did you mean --" : "", close ? close : "", close ? "?" : "");
}

static const ParaOption *find_name(const ParaCommand *command, const char *name, size_t length)
{
    for (const ParaOption *option = command->options; option->name; option++)
        if (strlen(option->name) == length && strncmp(option->name, name, length) == 0)
            return option;
    return NULL;
}

static const ParaOption *find_letter(const ParaCommand *command, char letter)
{
    for (const ParaOption *option = command->options; option->name; option++)
        if (option->letter == letter)
            return option;
    return NULL;
}

/// One option with its value, if it takes one from the next word `*at` moves on.
static int read_option(const ParaCommand *command, int argc, char **argv, int *at)
{
    const char *word = argv[*at];
    bool spelt = word[1] == '-';
    const char *name = word + (spelt ? 2 : 1);
    const char *equals = spelt ? strchr(name, '=') : NULL;
    size_t length = equals ? (size_t)(equals - name) : strlen(name);
    const ParaOption *option = NULL;
    if (spelt)
        option = find_name(command, name, length);
    else if (length == 1)
        option = find_letter(command, name[0]);
    if (!option && spelt) {
        char plain[64];
        snprintf(plain, sizeof plain, "%.*s", (int)(length < 60 ? length : 60), name);
        return unknown_option(command, plain);
    }
    if (!option)
        return para_app_misused(command->name, "unknown option %s", word);
    if (option->kind == PARA_OPTION_FLAG) {
        if (equals)
            return para_app_misused(command->name, "--%s takes no value", option->name);
        *(bool *)option->target = true;
        return PARA_OPTIONS_GO;
    }
    const char *value = equals ? equals + 1 : NULL;
    if (!value) {
        if (*at + 1 >= argc)
            return para_app_misused(command->name, "--%s needs a value: --%s %s", option->name, option->name,
                                    option->value);
        value = argv[++*at];
    }
    return read_value(command, option, value);
}

int para_options_read(const ParaCommand *command, int argc, char **argv, const char **operands,
                      int *out_count)
{
    int count = 0, code = PARA_OPTIONS_GO;
    bool only_operands = false;
    for (int at = 1; at < argc; at++) {
        const char *word = argv[at];
        if (!only_operands && strcmp(word, "--") == 0) {
            only_operands = true;
        } else if (!only_operands && (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)) {
            para_options_help(command, stdout);
            return PARA_EXIT_OK;
        } else if (!only_operands && word[0] == '-' && word[1] != '\0') {
            if ((code = read_option(command, argc, argv, &at)) != PARA_OPTIONS_GO)
                return code;
        } else if (count == command->operand_max) {
            const ParaOption *one = &command->options[0]; // every command has options
            return command->operand_max > 0
                       ? para_app_misused(command->name, "\"%s\" is one word too many", word)
                       : para_app_misused(
                             command->name,
                             "\"%s\" is one word too many: options alone are taken, such as --%s%s%s", word,
                             one->name, one->value ? " " : "", one->value ? one->value : "");
        } else {
            operands[count++] = word;
        }
    }
    if (count < command->operand_min)
        return para_app_misused(command->name, "%s is missing", command->operand_name);
    if (out_count)
        *out_count = count;
    return PARA_OPTIONS_GO;
}

int para_options_split(const char *list, char *store, size_t size, const char **out, int max)
{
    size_t length = strlen(list);
    if (length + 1 > size)
        return -1;
    memcpy(store, list, length + 1);
    int count = 0;
    for (char *item = store; item;) {
        char *comma = strchr(item, ',');
        if (comma)
            *comma = '\0';
        if (*item) {
            if (count == max)
                return -1;
            out[count++] = item;
        }
        item = comma ? comma + 1 : NULL;
    }
    return count;
}
