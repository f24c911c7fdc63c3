// SPDX-License-Identifier: MIT
#pragma once
// Text in and out, the same in every locale: a program that embeds the library may have set one whose decimal
// point is a comma. Whoever writes or reads a number that is not only looked at goes through here: JSON, SQL,
// messages, options. Any thread; the locale of the process is left alone.
#include <locale.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/// What some editors write at the begin of a file in UTF-8. Nobody sees it, and readers may pass over it.
#define PARA_BYTE_ORDER_MARK "\xef\xbb\xbf"
/// The text behind its byte order mark, or the whole of it where there is none.
const char *para_text_begin(const char *text);

#define PARA_NUMBER_SIZE 32 ///< [byte] room for any number below, with its NUL

// Letters as ASCII says; of others nothing is known, and they stay as they are.
static inline char para_letter_small(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c; }
static inline char para_letter_capital(char c) { return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c; }
/// A letter or a digit?
static inline bool para_letter_is_plain(char c)
{
    return (para_letter_small(c) >= 'a' && para_letter_small(c) <= 'z') || (c >= '0' && c <= '9');
}

/// snprintf and vsnprintf, with a point in numbers whatever the locale. Cost: theirs and about 10 ns.
int para_text_format(char *out, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));
int para_text_format_v(char *out, size_t size, const char *format, va_list arguments)
    __attribute__((format(printf, 3, 0)));

/// fprintf, the same.
int para_text_print(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

/// The locale a thread had.
typedef struct ParaPlain {
    locale_t before;
} ParaPlain;
/// This thread is in the C locale until para_text_plain_end, for a library that reads or writes numbers by
/// itself.
ParaPlain para_text_plain_begin(void);
void para_text_plain_end(ParaPlain plain);

/// The text of fewest digits that reads back as the same number. @param out [PARA_NUMBER_SIZE]
/// @return out; "nan", "inf" and "-inf", which JSON does not have, for what is not finite
char *para_text_double(double value, char *out);
char *para_text_float(float value, char *out);

/// A count as people read it: "950", "4096", "41 thousand", "1.25 million"; whole below ten thousand, else of
/// three digits. @param out [PARA_NUMBER_SIZE]   @return out
char *para_text_count(double count, char *out);
/// A measure as people read it, of about three digits, and without powers of ten between 0.0001 and 1e12.
char *para_text_measure(double value, char *out);

/// strtod, with a point in numbers whatever the locale.
/// @param out_end out, the first byte that is not of the number; `text` itself if there is none; may be NULL
double para_text_number(const char *text, const char **out_end);
