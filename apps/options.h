// SPDX-License-Identifier: MIT
#pragma once
// Command lines: one table of options per subcommand, from which come the reading, the checks, the
// defaults and the help. Forms: --name value, --name=value, -n value, -n (flags), -- ends the options.
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

typedef enum {
    PARA_OPTION_FLAG,   ///< bool: set to true, takes no value
    PARA_OPTION_INT,    ///< int in [low, high]
    PARA_OPTION_LONG,   ///< int64_t in [low, high]
    PARA_OPTION_SEED,   ///< uint64_t, decimal or 0x...
    PARA_OPTION_REAL,   ///< double in [low, high]
    PARA_OPTION_TEXT,   ///< const char *, points into argv
    PARA_OPTION_CHOICE, ///< const char *, one of choices
    PARA_OPTION_TEXTS   ///< ParaTexts: may be given several times
} ParaOptionKind;

#define PARA_TEXTS_MAX 64
typedef struct ParaTexts {
    const char *items[PARA_TEXTS_MAX];
    int count; ///< [1] 0..PARA_TEXTS_MAX
} ParaTexts;

typedef struct ParaOption {
    const char *name; ///< without the dashes; NULL ends the table
    char letter;      ///< short form, 0 if none
    ParaOptionKind kind;
    void *target;               ///< its value when the command line is read is the default shown by --help
    const char *value;          ///< name of the value in the help: "N", "DIR"; NULL for flags
    const char *about;          ///< one line, with the unit
    double low, high;           ///< numbers: allowed range, in the unit `about` names: [1] any
    const char *const *choices; ///< CHOICE: ends with NULL
} ParaOption;

typedef struct ParaCommand {
    const char *name;             ///< "train"
    const char *usage;            ///< what follows the name: "[options] DIR"
    const char *about;            ///< what it does, some lines
    const ParaOption *options;    ///< ends with an entry without a name; --help is always there
    const char *examples;         ///< lines that a shell runs as they stand, each indented by two spaces
    const char *notes;            ///< exit codes, files, environment; may be NULL
    int operand_min, operand_max; ///< [1] >= 0 how many words besides options
    const char *operand_name;     ///< for messages: "a run folder"
} ParaCommand;

#define PARA_OPTIONS_GO (-1)

/// Reads a command line into the options' targets.
/// @param argv [argc] argv[0] is the subcommand
/// @param operands out, [command->operand_max]; points into argv    @param out_count how many
/// @return PARA_OPTIONS_GO, or the exit code to end with: help was printed (0), or a mistake was named on
/// stderr (2)
int para_options_read(const ParaCommand *command, int argc, char **argv, const char **operands,
                      int *out_count);
void para_options_help(const ParaCommand *command, FILE *out);

/// Splits "a,b,c" in place of a copy kept in `store` [size]. @return count, -1 if it does not fit
int para_options_split(const char *list, char *store, size_t size, const char **out, int max);
