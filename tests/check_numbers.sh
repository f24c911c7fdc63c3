#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Numbers are read and written by engine/base/text.h alone, where no locale matters: a program that embeds the library
# may have set one whose decimal point is a comma. Prints each offence as file:line. It is one to
#   read a number with a point:  strtod and its kin, atof, scanf with %f, %lf, %g ...;
#   write one:  printf and its kin with %a, %e, %f, %g;
#   parse or print JSON by cJSON itself, which asks for the locale's point (worlds/json_tree.h does it);
#   ask what a letter is, compare or sort as the locale does: isalpha and its kin, tolower, toupper, strcoll, strxfrm,
#     strcasecmp, alphasort, glob;
#   look at the locale or set one.
# Arguments: files (default: all of engine, worlds, agents, apps and bench).
cd -- "$(dirname -- "$0")/.." || exit 1
files=("$@")
[[ ${#files[@]} -gt 0 ]] || mapfile -t files < <(git ls-files -- {engine,worlds,agents,apps,bench}'/*.[ch]')
perl -0777 -ne '
    next if $ARGV =~ m{^engine/base/text\.[ch]$};
    my $json = $ARGV =~ m{^worlds/json_tree\.c$};
    my $text = $_;
    # Comments go, their lines stay; texts stay, as formats are in them.
    $text =~ s{("(?:\\.|[^"\\\n])*")|(//[^\n]*)|(/\*.*?\*/)}{$1 // join("", map { "\n" } (($2 // $3) =~ /\n/g))}gse;
    my $told = sub {
        my ($at, $what) = @_;
        my $line = 1 + (substr($text, 0, $at) =~ tr/\n//);
        print "$ARGV:$line: error: $what\n";
        $count++;
    };
    # A call with all of its arguments, be they calls.
    my $list = qr/(\((?:[^()"\x27]|"(?:\\.|[^"\\])*"|\x27(?:\\.|[^\x27\\])+\x27|(?-1))*\))/s;
    while ($text =~ /\b((?:v|f|s|sn|vs|vsn|vf|as|vas|d)?printf)\s*$list/g) {
        my ($name, $arguments, $at) = ($1, $2, $-[0]);
        my $formats = join "", $arguments =~ /"((?:\\.|[^"\\])*)"/g;
        $formats =~ s/%%//g;
        $told->($at, "$name of a number with a point; para_text_print and para_text_format know no locale")
            if $formats =~ /%[-+ #0]*(?:\*|\d+)?(?:\.(?:\*|\d+))?L?[aefgAEFG]/;
    }
    while ($text =~ /\b((?:v|f|s|vf|vs)?scanf)\s*$list/g) {
        my ($name, $arguments, $at) = ($1, $2, $-[0]);
        $told->($at, "$name of a number with a point; para_text_number knows no locale") if $arguments =~ /%\*?\d*[lL]?[aefgAEFG]/;
    }
    my %words = (
        "strto(?:d|f|ld)|atof" => "para_text_number reads numbers in every locale",
        "setlocale|localeconv|newlocale|uselocale|duplocale|nl_langinfo" => "the locale is no business of ours",
        "is(?:alpha|alnum|upper|lower|punct|print|graph|blank|cntrl|space|digit|xdigit)|to(?:lower|upper)"
            => "letters are what ASCII says, not the locale",
        "strcoll|strxfrm|str(?:n)?casecmp|alphasort|glob|wordexp" => "an order that hangs on the locale",
        $json ? () : ("cJSON_(?:Parse|Print)\\w*" => "worlds/json_tree.h knows no locale"),
    );
    for my $word (sort keys %words) {
        $told->($-[0], "$1: $words{$word}") while $text =~ /\b($word)\s*\(/g;
    }
    END { exit($count ? 1 : 0) }
' "${files[@]}"
