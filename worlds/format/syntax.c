// SPDX-License-Identifier: MIT
// One pass over the text, with a stack of open brackets. What is expected next is a small state; whatever
// does not fit it is looked at for the slip that a person most likely made.
#include "worlds/format/syntax.h"

#include "engine/base/assert.h"
#include "engine/base/text.h"
#include "worlds/format/data.h"

#include <stdarg.h>
#include <string.h>

#define NUMBER_SIZE_MAX 63 ///< [byte] of one number, as cJSON reads it

/// What may come next.
typedef enum Next {
    NEXT_VALUE,        ///< a value must
    NEXT_VALUE_OR_END, ///< after [
    NEXT_KEY,          ///< after a comma in an object
    NEXT_KEY_OR_END,   ///< after {
    NEXT_COMMA_OR_END, ///< after a value
    NEXT_NOTHING       ///< the whole value is there
} Next;

typedef struct Scan {
    const char *text;
    size_t size, at;
    size_t open[PARA_NESTING_MAX]; ///< [depth] where each bracket is
    int depth;
    Next next;
    size_t comma; ///< where the last comma is
    ParaDiagList *list;
} Scan;

__attribute__((format(printf, 4, 5))) static bool slip(Scan *scan, ParaCode code, size_t at,
                                                       const char *format, ...)
{
    char message[200];
    va_list arguments;
    va_start(arguments, format);
    para_text_format_v(message, sizeof message, format, arguments);
    va_end(arguments);
    para_problem(scan->list, PARA_DIAG_ERROR, code, "", NULL, "%s%s",
                 code == PARA_CODE_SYNTAX ? "this is not JSON: " : "", message)
        ->offset = (long)at;
    return false;
}

#define SLIP(scan, at, ...) slip(scan, PARA_CODE_SYNTAX, at, __VA_ARGS__)

static char at(const Scan *scan, size_t place) { return place < scan->size ? scan->text[place] : '\0'; }

static bool starts(const Scan *scan, size_t place, const char *word)
{
    size_t length = strlen(word);
    return scan->size - place >= length && memcmp(scan->text + place, word, length) == 0;
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

// ---------------------------------------------------------------------------------------------
// Bytes.

/// Length of a valid UTF-8 sequence at `at`, 0 if there is none.
static size_t utf8_length(const unsigned char *at, size_t room)
{
    if (at[0] < 0x80)
        return 1;
    size_t length = at[0] >= 0xf0 ? 4 : at[0] >= 0xe0 ? 3 : 2;
    unsigned value = at[0] & (0xffu >> (length + 1));
    if (at[0] < 0xc2 || at[0] > 0xf4 || length > room)
        return 0;
    for (size_t k = 1; k < length; k++) {
        if ((at[k] & 0xc0) != 0x80)
            return 0;
        value = value << 6 | (at[k] & 0x3fu);
    }
    bool shortest = (length == 2) || (length == 3 && value >= 0x800) || (length == 4 && value >= 0x10000);
    return shortest && value <= 0x10ffff && (value < 0xd800 || value > 0xdfff) ? length : 0;
}

/// The text as bytes: UTF-8 without NULs, at which cJSON would end.
static bool check_bytes(Scan *scan)
{
    if (scan->size >= 2 && (memcmp(scan->text, "\xff\xfe", 2) == 0 || memcmp(scan->text, "\xfe\xff", 2) == 0))
        return slip(scan, PARA_CODE_TEXT_BYTES, 0, "this is UTF-16; save it as UTF-8");
    for (size_t k = 0; k < scan->size;) {
        size_t length = utf8_length((const unsigned char *)scan->text + k, scan->size - k);
        if (length == 0)
            return slip(scan, PARA_CODE_TEXT_BYTES, k, "this is not UTF-8 text");
        if (scan->text[k] == '\0')
            return slip(scan, PARA_CODE_TEXT_BYTES, k, "a NUL byte is not allowed");
        k += length;
    }
    return true;
}

static int line_of(const Scan *scan, size_t place)
{
    int line = 1;
    for (size_t k = 0; k < place; k++)
        line += scan->text[k] == '\n';
    return line;
}

// ---------------------------------------------------------------------------------------------
// Texts, words and numbers.

/// The four digits of a \u at `place`; -1: they are none.
static long hex4(const Scan *scan, size_t place)
{
    long value = 0;
    for (size_t k = place; k < place + 4; k++) {
        char c = at(scan, k);
        int digit = is_digit(c)            ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

/// An escape whose backslash is at scan->at; goes past it.
static bool read_escape(Scan *scan)
{
    size_t start = scan->at;
    char c = at(scan, start + 1);
    if (c != 'u') {
        if (c == '\0' || !strchr("\"\\/bfnrt", c))
            return SLIP(scan, start,
                        "an unknown escape; after a backslash in a text come \" \\ / b f n r t or u and four "
                        "digits");
        scan->at += 2;
        return true;
    }
    long value = hex4(scan, start + 2);
    if (value < 0)
        return SLIP(scan, start, "\\u needs four hexadecimal digits");
    if (value == 0)
        return slip(scan, PARA_CODE_TEXT_BYTES, start, "\\u0000 is not allowed");
    scan->at += 6;
    if (value < 0xd800 || value > 0xdfff)
        return true;
    long second = value < 0xdc00 && starts(scan, scan->at, "\\u") ? hex4(scan, scan->at + 2) : -1;
    if (second < 0xdc00 || second > 0xdfff)
        return SLIP(scan, start, "half of a surrogate pair stands alone; write the character itself");
    scan->at += 6;
    return true;
}

static bool read_string(Scan *scan)
{
    size_t start = scan->at++;
    while (scan->at < scan->size && scan->text[scan->at] != '"') {
        unsigned char c = (unsigned char)scan->text[scan->at];
        if (c == '\n' || c == '\r' || c == '\t')
            return slip(scan, PARA_CODE_TEXT_BYTES, scan->at,
                        "a text ends with \" on its own line; line breaks and tabs in it are not allowed");
        if (c < 32)
            return slip(scan, PARA_CODE_TEXT_BYTES, scan->at, "control characters are not allowed in a text");
        if (c != '\\')
            scan->at++;
        else if (!read_escape(scan))
            return false;
    }
    if (scan->at >= scan->size)
        return SLIP(scan, start, "the text that begins here has no closing quote");
    scan->at++;
    return true;
}

static bool read_digits(Scan *scan)
{
    size_t start = scan->at;
    while (is_digit(at(scan, scan->at)))
        scan->at++;
    return scan->at > start;
}

static bool read_number(Scan *scan)
{
    size_t start = scan->at;
    if (at(scan, scan->at) == '-')
        scan->at++;
    char first = at(scan, scan->at);
    if (starts(scan, scan->at, "Infinity") || starts(scan, scan->at, "inf"))
        return SLIP(scan, start, "infinity is no number here");
    if (first == '.')
        return SLIP(scan, start, "a number begins with a digit: 0.5, not .5");
    if (!is_digit(first))
        return SLIP(scan, start, "a digit must follow the minus");
    if (first == '0' && (at(scan, scan->at + 1) == 'x' || at(scan, scan->at + 1) == 'X'))
        return SLIP(scan, start, "numbers are decimal; hexadecimal is not allowed");
    if (first == '0' && is_digit(at(scan, scan->at + 1)))
        return SLIP(scan, start, "a number has no zeros before its first digit");
    read_digits(scan);
    if (at(scan, scan->at) == '.') {
        scan->at++;
        if (!read_digits(scan))
            return SLIP(scan, start, "a digit must follow the decimal point: 5.0 or 5, not 5.");
    }
    if (at(scan, scan->at) == 'e' || at(scan, scan->at) == 'E') {
        scan->at++;
        if (at(scan, scan->at) == '+' || at(scan, scan->at) == '-')
            scan->at++;
        if (!read_digits(scan))
            return SLIP(scan, start, "a digit must follow the e of a number");
    }
    char c = at(scan, scan->at);
    if (c == '.')
        return SLIP(scan, scan->at, "a number has one decimal point");
    if (c == '_' && is_digit(at(scan, scan->at + 1)))
        return SLIP(scan, scan->at, "the digits of a number stand together");
    if (is_letter(c))
        return SLIP(scan, scan->at, "a number ends here; an expression stands in double quotes");
    if (scan->at - start > NUMBER_SIZE_MAX)
        return SLIP(scan, start, "a number has at most %d characters", NUMBER_SIZE_MAX);
    return true;
}

static size_t word_length(const Scan *scan, size_t place)
{
    size_t length = 0;
    while (is_letter(at(scan, place + length)) || is_digit(at(scan, place + length)))
        length++;
    return length;
}

static bool is_word(const Scan *scan, size_t length, const char *const *words)
{
    for (; *words; words++)
        if (strlen(*words) == length && memcmp(scan->text + scan->at, *words, length) == 0)
            return true;
    return false;
}

static bool read_word(Scan *scan)
{
    static const char *const good[] = {"true", "false", "null", NULL}, *const spelt[] = {"True",      "TRUE",
                                                                                         "False",     "FALSE",
                                                                                         "Null",      "NULL",
                                                                                         "None",      "nil",
                                                                                         "undefined", NULL},
                             *const numbers[] = {"NaN", "nan", "NAN", "Infinity", "inf", "Inf", NULL};
    size_t length = word_length(scan, scan->at);
    const char *word = scan->text + scan->at;
    if (is_word(scan, length, good)) {
        scan->at += length;
        return true;
    }
    if (is_word(scan, length, spelt))
        return SLIP(scan, scan->at, "\"%.*s\" is written true, false or null here", (int)length, word);
    if (is_word(scan, length, numbers))
        return SLIP(scan, scan->at, "%.*s is no number here", (int)length, word);
    return SLIP(scan, scan->at, "texts, names and expressions are written in double quotes: \"%.*s\"",
                (int)(length < 40 ? length : 40), word);
}

// ---------------------------------------------------------------------------------------------
// What stands where it may not.

/// Slips that look the same wherever they are. @return true if it was one, and is told
static bool known_slip(Scan *scan)
{
    size_t here = scan->at;
    char c = at(scan, here);
    if (here >= scan->size && scan->depth == 0)
        SLIP(scan, 0, "the text is empty");
    else if (here >= scan->size)
        SLIP(scan, scan->size - 1, "the text ends too early: the %c of line %d is not closed",
             scan->text[scan->open[scan->depth - 1]], line_of(scan, scan->open[scan->depth - 1]));
    else if (c == '#' || (c == '/' && (at(scan, here + 1) == '/' || at(scan, here + 1) == '*')))
        SLIP(scan, here, "comments are not allowed; use a \"note\" field");
    else if (c == '\'' || c == '`' || starts(scan, here, "\xe2\x80\x98") ||
             starts(scan, here, "\xe2\x80\x99"))
        SLIP(scan, here, "texts are written in double quotes");
    else if (starts(scan, here, "\xe2\x80\x9c") || starts(scan, here, "\xe2\x80\x9d") ||
             starts(scan, here, "\xe2\x80\x9e"))
        SLIP(scan, here, "texts are written in straight double quotes, \"");
    else if (starts(scan, here, PARA_BYTE_ORDER_MARK))
        SLIP(scan, here,
             "a byte order mark, which is not seen; one may stand at the begin of the file alone, and is "
             "best left out: save as \"UTF-8\", not \"UTF-8 with BOM\"");
    else if (starts(scan, here, "\xc2\xa0") || starts(scan, here, "\xe2\x80\x8b") || c == '\f' || c == '\v')
        SLIP(scan, here, "a special space; only plain spaces, tabs and line breaks may stand between values");
    else if ((unsigned char)c < 32 || c == 127)
        slip(scan, PARA_CODE_TEXT_BYTES, here, "a control character is not allowed");
    else
        return false;
    return true;
}

static bool bad_value(Scan *scan)
{
    char c = at(scan, scan->at);
    bool behind_comma = scan->depth > 0 && scan->comma > scan->open[scan->depth - 1];
    if (known_slip(scan))
        return false;
    if ((c == ']' || c == '}') && behind_comma && at(scan, scan->comma) == ',')
        return SLIP(scan, scan->comma, "a comma before %c is not allowed", c);
    if (c == ']' || c == '}')
        return SLIP(scan, scan->at, "a value is missing before this");
    if (c == ',')
        return SLIP(scan, scan->at,
                    behind_comma ? "two commas in a row" : "a value is missing before this comma");
    if (c == '+')
        return SLIP(scan, scan->at, "a number has no plus before it");
    if (c == '.')
        return SLIP(scan, scan->at, "a number begins with a digit: 0.5, not .5");
    return SLIP(scan, scan->at, "a value was expected");
}

static bool bad_key(Scan *scan)
{
    char c = at(scan, scan->at);
    if (known_slip(scan))
        return false;
    if (c == '}' || c == ']')
        return scan->next == NEXT_KEY ? SLIP(scan, scan->comma, "a comma before %c is not allowed", c)
                                      : SLIP(scan, scan->at, "] closes no {");
    if (c == ',')
        return SLIP(scan, scan->at,
                    scan->next == NEXT_KEY ? "two commas in a row" : "a key is missing before this");
    size_t length = word_length(scan, scan->at);
    if (length > 0)
        return SLIP(scan, scan->at, "keys are written in double quotes: \"%.*s\"",
                    (int)(length < 40 ? length : 40), scan->text + scan->at);
    return SLIP(scan, scan->at, "a key in double quotes was expected");
}

static bool bad_colon(Scan *scan)
{
    char c = at(scan, scan->at);
    if (known_slip(scan))
        return false;
    if (c == '=')
        return SLIP(scan, scan->at, "a colon stands between key and value, not =");
    if (c == ',' || c == '}')
        return SLIP(scan, scan->at, "the key before this has no value");
    return SLIP(scan, scan->at, "a colon is missing before this");
}

static bool bad_end(Scan *scan)
{
    char c = at(scan, scan->at);
    if (known_slip(scan))
        return false;
    size_t open = scan->open[scan->depth - 1];
    if (c == ']' || c == '}')
        return SLIP(scan, scan->at, "%c does not close the %c of line %d", c, scan->text[open],
                    line_of(scan, open));
    if (c == ';')
        return SLIP(scan, scan->at, "values are parted by commas, not ;");
    if (c == ':')
        return SLIP(scan, scan->at,
                    scan->text[open] == '['
                        ? "a list has no keys: ] is missing before this one, or an object is meant"
                        : "a comma is missing before this pair");
    if (c == '=')
        return SLIP(scan, scan->at, "= is not allowed here");
    return SLIP(scan, scan->at, "a comma is missing before this");
}

// ---------------------------------------------------------------------------------------------
// The pass.

static void skip_space(Scan *scan)
{
    while (scan->at < scan->size && strchr(" \t\r\n", scan->text[scan->at]))
        scan->at++;
}

static void value_ended(Scan *scan) { scan->next = scan->depth > 0 ? NEXT_COMMA_OR_END : NEXT_NOTHING; }

static bool read_open(Scan *scan)
{
    if (scan->depth == PARA_NESTING_MAX)
        return slip(scan, PARA_CODE_NESTING, scan->at,
                    "lists and objects are nested too deeply; the most is %d levels", PARA_NESTING_MAX);
    scan->next = scan->text[scan->at] == '{' ? NEXT_KEY_OR_END : NEXT_VALUE_OR_END;
    scan->open[scan->depth++] = scan->at++;
    return true;
}

static bool read_value(Scan *scan)
{
    char c = at(scan, scan->at);
    if (c == '{' || c == '[')
        return read_open(scan);
    bool good = c == '"'                  ? read_string(scan)
                : is_digit(c) || c == '-' ? read_number(scan)
                : is_letter(c)            ? read_word(scan)
                                          : bad_value(scan);
    value_ended(scan);
    return good;
}

static bool read_key(Scan *scan)
{
    if (at(scan, scan->at) != '"')
        return bad_key(scan);
    if (!read_string(scan))
        return false;
    skip_space(scan);
    if (at(scan, scan->at) != ':')
        return bad_colon(scan);
    scan->at++;
    scan->next = NEXT_VALUE;
    return true;
}

/// A comma or the bracket that closes what is open.
static bool read_end(Scan *scan)
{
    char open = scan->text[scan->open[scan->depth - 1]], c = at(scan, scan->at);
    if (c == ',') {
        scan->comma = scan->at++;
        scan->next = open == '{' ? NEXT_KEY : NEXT_VALUE;
        return true;
    }
    if (c != (open == '{' ? '}' : ']'))
        return bad_end(scan);
    scan->at++;
    scan->depth--;
    value_ended(scan);
    return true;
}

static bool read_next(Scan *scan)
{
    char c = at(scan, scan->at);
    switch (scan->next) {
    case NEXT_VALUE:
        return read_value(scan);
    case NEXT_VALUE_OR_END:
        return c == ']' ? read_end(scan) : read_value(scan);
    case NEXT_KEY:
        return read_key(scan);
    case NEXT_KEY_OR_END:
        return c == '}' ? read_end(scan) : read_key(scan);
    case NEXT_COMMA_OR_END:
        return read_end(scan);
    case NEXT_NOTHING:
        break;
    }
    PARA_NEVER("the pass ends there");
}

bool para_syntax_check(const char *text, size_t size, ParaDiagList *list)
{
    Scan scan = {.text = text, .size = size, .next = NEXT_VALUE, .list = list};
    if (!check_bytes(&scan))
        return false;
    scan.at = (size_t)(para_text_begin(text) - text);
    for (skip_space(&scan); scan.next != NEXT_NOTHING; skip_space(&scan))
        if (!read_next(&scan))
            return false;
    if (scan.at == size)
        return true;
    char c = text[scan.at];
    if (!strchr("]},{[", c) && known_slip(&scan))
        return false;
    if (c == ']' || c == '}')
        return SLIP(&scan, scan.at, "%c closes nothing: it stands behind the end", c);
    int length = (int)utf8_length((const unsigned char *)text + scan.at, size - scan.at);
    return SLIP(&scan, scan.at, "the text goes on behind its end, with %.*s", length, text + scan.at);
}
