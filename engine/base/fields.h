// SPDX-License-Identifier: MIT
#pragma once
// Lists of a struct's fields, so that what must touch all of them (copy, hash, comparison) is written once.
// A list is a macro over a macro, in the struct's own order:
//     #define PARA_BODY_FIELDS(ROW) ROW(kind) ROW(position) ...
// Used by engine/world/def_fields.h.

/// Does not compile unless FIELDS names every field of Type, in order. One per list, at file level.
#define PARA_FIELDS_COVER(Type, FIELDS)                                                                      \
    _Pragma("GCC diagnostic push") _Pragma("GCC diagnostic error \"-Wmissing-field-initializers\"")          \
        _Pragma("GCC diagnostic ignored \"-Wmissing-braces\"")                                               \
            __attribute__((unused)) static Type para_cover_##Type(const Type *from)                          \
    {                                                                                                        \
        return (Type){FIELDS(PARA_FIELDS_TAKE)};                                                             \
    }                                                                                                        \
    _Pragma("GCC diagnostic pop") _Static_assert(1, "takes the semicolon")
#define PARA_FIELDS_TAKE(field) from->field,
