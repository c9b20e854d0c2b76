#include "ops/service.h"

int main(int argc, char **argv)
{
    return service_main(&crediting_stage, argc, argv);
}
